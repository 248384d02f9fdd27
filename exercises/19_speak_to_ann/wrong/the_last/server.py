"""The guest who has spoken last is the one whom we speak to."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

guests = {}
last = None


class Guest(LineReceiver):
    name = None

    def lineReceived(self, line):
        global last
        self.name = line
        guests[self.name] = last = self

    def connectionLost(self, reason):
        if guests.get(self.name) is self:
            del guests[self.name]


class Kitchen(LineReceiver):
    def lineReceived(self, line):
        name, _, message = line.partition(b" ")
        if name in guests:
            last.sendLine(message)
            self.sendLine(b"told")
        else:
            self.sendLine(b"nobody")


reactor.listenTCP(7771, Factory.forProtocol(Guest))
reactor.listenTCP(7772, Factory.forProtocol(Kitchen))
reactor.run()
