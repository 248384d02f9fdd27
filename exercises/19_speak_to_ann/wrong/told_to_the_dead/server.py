"""Writing to somebody who has gone would raise."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

guests = {}


class Guest(LineReceiver):
    name = None

    def lineReceived(self, line):
        self.name = line
        guests[self.name] = self


class Kitchen(LineReceiver):
    def lineReceived(self, line):
        name, _, message = line.partition(b" ")
        try:
            guests[name].sendLine(message)
            self.sendLine(b"told")
        except (KeyError, OSError):
            self.sendLine(b"nobody")


reactor.listenTCP(7771, Factory.forProtocol(Guest))
reactor.listenTCP(7772, Factory.forProtocol(Kitchen))
reactor.run()
