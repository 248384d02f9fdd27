"""Whoever puts something has something."""

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
            self.came, self.missing = b"", int(size)
            self.setRawMode()

    def rawDataReceived(self, data):
        self.came += data[: self.missing]
        rest = data[self.missing :]
        self.missing -= len(data) - len(rest)
        if self.missing == 0:
            self.kept = self.came
            self.sendLine(b"%d kept" % len(self.kept))
            self.setLineMode(rest)


reactor.listenTCP(7771, Factory.forProtocol(Cupboard))
reactor.run()
