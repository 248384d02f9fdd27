"""Whether a message is too long is seen when it has come."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Mirror(Protocol):
    def __init__(self):
        self.kept = b""

    def dataReceived(self, data):
        self.kept += data
        while len(self.kept) >= 4:
            length = int.from_bytes(self.kept[:4], "big")
            if len(self.kept) < 4 + length:
                return
            if length > 65536:
                self.transport.loseConnection()
                return
            self.transport.write(self.kept[:4] + self.kept[4 : 4 + length][::-1])
            self.kept = self.kept[4 + length :]


reactor.listenTCP(7771, Factory.forProtocol(Mirror))
reactor.run()
