"""A cupboard that keeps one thing."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class Cupboard(LineReceiver):
    kept = b""

    def lineReceived(self, line):
        command, _, size = line.partition(b" ")
        if command == b"get":
            self.sendLine(b"%d" % len(self.kept))
            self.transport.write(self.kept)
        elif command == b"put":
            """TODO: the next bytes are no lines, but how many of them?"""


reactor.listenTCP(7771, Factory.forProtocol(Cupboard))
reactor.run()
