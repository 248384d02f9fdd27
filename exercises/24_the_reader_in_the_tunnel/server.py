"""A long menu, for readers of any speed."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


def dishes():
    """The menu, dish by dish: about a megabyte."""
    for number in range(10_000):
        yield b"dish %05d " % number + b"with truffles " * 6 + b"\r\n"


class Reader(Protocol):
    def connectionMade(self):
        for dish in dishes():
            self.transport.write(dish)  # TODO: and if nobody reads?
        self.transport.loseConnection()


reactor.listenTCP(7771, Factory.forProtocol(Reader))
reactor.run()
