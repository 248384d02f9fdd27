"""A kitchen that repeats orders."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Kitchen(Protocol):
    def __init__(self):
        self.rest = b""

    def dataReceived(self, data):
        *orders, self.rest = (self.rest + data).split(b"\r\n")
        for order in orders:
            self.transport.write(order + b"\r\n")


reactor.listenTCP(7771, Factory.forProtocol(Kitchen))
reactor.run()
