"""Four bytes are so few that they come together."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Mirror(Protocol):
    length = None
    kept = b""

    def dataReceived(self, data):
        if self.length is None:
            self.length, data = int.from_bytes(data[:4], "big"), data[4:]
            if self.length > 65536:
                self.transport.loseConnection()
                return
        self.kept += data
        if len(self.kept) >= self.length:
            message, rest = self.kept[: self.length], self.kept[self.length :]
            self.transport.write(self.length.to_bytes(4, "big") + message[::-1])
            self.length, self.kept = None, b""
            if rest:
                self.dataReceived(rest)


reactor.listenTCP(7771, Factory.forProtocol(Mirror))
reactor.run()
