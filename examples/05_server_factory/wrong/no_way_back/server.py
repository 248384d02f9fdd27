"""A restaurant with two seats."""

from reactor import reactor
from reactor.protocol import Protocol, ServerFactory


class Diner(Protocol):
    def connectionMade(self):
        self.transport.write(b"welcome")

    def connectionLost(self, reason):
        self.factory.seats += 1


class Restaurant(ServerFactory):
    seats = 2

    def buildProtocol(self, address):
        if self.seats == 0:
            print("no seat for", address.host)
            return None
        self.seats -= 1
        print("a seat for", address.host)
        diner = Diner()
        return diner


reactor.listenTCP(7773, Restaurant())
print("listening on port 7773")
reactor.run()
