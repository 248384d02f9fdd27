"""After the announcement the bytes come in one piece."""

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
            self.missing = int(size)
            self.setRawMode()
            if self.missing == 0:
                self.rawDataReceived(b"")

    def rawDataReceived(self, data):
        self.kept, rest = data[: self.missing], data[self.missing :]
        self.sendLine(b"%d kept" % len(self.kept))
        self.setLineMode(rest)


reactor.listenTCP(7771, Factory.forProtocol(Cupboard))
reactor.run()
