"""A byte that can't be decoded may be left out."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Loud(Protocol):
    def dataReceived(self, data):
        self.transport.write(data.decode(errors="ignore").upper().encode())


reactor.listenTCP(7771, Factory.forProtocol(Loud))
reactor.run()
