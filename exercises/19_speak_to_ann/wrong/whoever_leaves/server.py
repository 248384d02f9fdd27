"""A name belongs to one guest, so whoever leaves takes his name out."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

guests = {}


class Guest(LineReceiver):
    name = None

    def lineReceived(self, line):
        self.name = line
        guests[self.name] = self

    def connectionLost(self, reason):
        guests.pop(self.name, None)


class Kitchen(LineReceiver):
    def lineReceived(self, line):
        name, _, message = line.partition(b" ")
        if name in guests:
            guests[name].sendLine(message)
            self.sendLine(b"told")
        else:
            self.sendLine(b"nobody")


reactor.listenTCP(7771, Factory.forProtocol(Guest))
reactor.listenTCP(7772, Factory.forProtocol(Kitchen))
reactor.run()
