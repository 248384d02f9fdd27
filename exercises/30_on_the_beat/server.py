"""A drummer for each guest."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class Drummer(LineReceiver):
    has_stick = True

    def connectionMade(self):
        self.began = reactor.seconds()
        self.round()  # TODO: at each second

    def lineReceived(self, line):
        if line == b"trip":
            self.has_stick = False

    def round(self):
        self.sendLine(self.beat())

    def beat(self):
        """The drummer's own affair: leave it as it is."""
        if not self.has_stick:
            self.has_stick = True
            raise ValueError("no stick")
        return b"beat %d" % round(reactor.seconds() - self.began)


reactor.listenTCP(7771, Factory.forProtocol(Drummer))
reactor.run()
