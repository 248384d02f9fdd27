"""A filter: repeats everything that comes in on standard input, louder."""

from reactor import reactor
from reactor.protocols.basic import LineReceiver
from reactor.stdio import StandardIO


class Shout(LineReceiver):
    delimiter = b"\n"

    def lineReceived(self, line):
        self.sendLine(line.upper() + b"!")

    def connectionLost(self, reason):
        reactor.stop()


StandardIO(Shout())
reactor.run()
