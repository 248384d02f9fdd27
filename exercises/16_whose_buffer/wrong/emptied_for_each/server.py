"""If a guest begins with an empty buffer, he has one of his own."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Kitchen(Protocol):
    rest = [b""]

    def connectionMade(self):
        self.rest[0] = b""

    def dataReceived(self, data):
        *orders, self.rest[0] = (self.rest[0] + data).split(b"\r\n")
        for order in orders:
            self.transport.write(order + b"\r\n")


reactor.listenTCP(7771, Factory.forProtocol(Kitchen))
reactor.run()
