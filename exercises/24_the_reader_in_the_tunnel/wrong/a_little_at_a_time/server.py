"""Who writes a little at a time fills no buffer."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


def dishes():
    """The menu, dish by dish: about a megabyte."""
    for number in range(10_000):
        yield b"dish %05d " % number + b"with truffles " * 6 + b"\r\n"


class Reader(Protocol):
    def connectionMade(self):
        self.rest = dishes()
        self.some()

    def some(self):
        for _ in range(100):
            dish = next(self.rest, None)
            if dish is None:
                self.transport.loseConnection()
                return
            self.transport.write(dish)
        reactor.callLater(0.05, self.some)


reactor.listenTCP(7771, Factory.forProtocol(Reader))
reactor.run()
