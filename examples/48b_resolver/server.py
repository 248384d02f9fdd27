"""A kitchen: a name server for its zone, and a stove. Whoever answers questions there is hard of hearing."""

from reactor import reactor
from reactor.names import dns
from reactor.names.authority import PySourceAuthority
from reactor.names.server import DNSServerFactory
from reactor.protocol import Factory, Protocol


class HardOfHearing(DNSServerFactory):
    questions = 0

    def messageReceived(self, message, proto, address=None):
        self.questions += 1
        if self.questions == 1:
            print("did somebody say something?")
            return
        print("telling where", message.queries[0].name, "is")
        super().messageReceived(message, proto, address)


class Stove(Protocol):
    def connectionMade(self):
        self.transport.write(b"tomato")
        self.transport.loseConnection()


names = HardOfHearing([PySourceAuthority("kitchen.zone")])
reactor.listenUDP(7810, dns.DNSDatagramProtocol(names))
reactor.listenTCP(7811, Factory.forProtocol(Stove))
print("names on UDP port 7810, soup on TCP port 7811")
reactor.run()
