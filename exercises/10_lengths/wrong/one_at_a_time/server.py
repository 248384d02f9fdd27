"""After a message comes nothing until it is answered."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Mirror(Protocol):
    def __init__(self):
        self.kept = b""

    def dataReceived(self, data):
        self.kept += data
        if len(self.kept) < 4:
            return
        length = int.from_bytes(self.kept[:4], "big")
        if length > 65536:
            self.transport.loseConnection()
        elif len(self.kept) >= 4 + length:
            self.transport.write(self.kept[:4] + self.kept[4 : 4 + length][::-1])
            self.kept = self.kept[4 + length :]


reactor.listenTCP(7771, Factory.forProtocol(Mirror))
reactor.run()
