"""A drummer for each guest."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver
from reactor.task import LoopingCall


class Drummer(LineReceiver):
    has_stick, is_held = True, False

    def connectionMade(self):
        self.began = reactor.seconds()
        self.loop = LoopingCall(self.round)
        self.loop.start(1)

    def lineReceived(self, line):
        if line == b"trip":
            self.has_stick = False
        else:
            self.is_held = line == b"hold"

    def round(self):
        if not self.is_held:
            try:
                self.sendLine(self.beat())
            except ValueError:
                self.sendLine(b"oops")

    def beat(self):
        """The drummer's own affair: leave it as it is."""
        if not self.has_stick:
            self.has_stick = True
            raise ValueError("no stick")
        return b"beat %d" % round(reactor.seconds() - self.began)

    def connectionLost(self, reason):
        self.loop.stop()


reactor.listenTCP(7771, Factory.forProtocol(Drummer))
reactor.run()
