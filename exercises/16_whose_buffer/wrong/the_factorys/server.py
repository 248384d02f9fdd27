"""What must last belongs into the factory."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Kitchen(Protocol):
    def dataReceived(self, data):
        *orders, self.factory.rest = (self.factory.rest + data).split(b"\r\n")
        for order in orders:
            self.transport.write(order + b"\r\n")


factory = Factory.forProtocol(Kitchen)
factory.rest = b""
reactor.listenTCP(7771, factory)
reactor.run()
