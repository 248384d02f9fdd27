"""What follows a line is a line."""

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
        else:
            self.came += line + b"\r\n"
            if len(self.came) >= self.missing:
                self.kept = self.came[: self.missing]
                self.sendLine(b"%d kept" % len(self.kept))


reactor.listenTCP(7771, Factory.forProtocol(Cupboard))
reactor.run()
