"""A kitchen that repeats orders."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Kitchen(Protocol):
    rest = [b""]  # TODO: whose is it?

    def dataReceived(self, data):
        *orders, self.rest[0] = (self.rest[0] + data).split(b"\r\n")
        for order in orders:
            self.transport.write(order + b"\r\n")


reactor.listenTCP(7771, Factory.forProtocol(Kitchen))
reactor.run()
