"""write waits until the bytes have been read."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


def dishes():
    """The menu, dish by dish: about a megabyte."""
    for number in range(10_000):
        yield b"dish %05d " % number + b"with truffles " * 6 + b"\r\n"


class Reader(Protocol):
    def connectionMade(self):
        for dish in dishes():
            self.transport.write(dish)
        self.transport.loseConnection()


reactor.listenTCP(7771, Factory.forProtocol(Reader))
reactor.run()
