"""What is written during a pause needn't be sent."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


def dishes():
    """The menu, dish by dish: about a megabyte."""
    for number in range(10_000):
        yield b"dish %05d " % number + b"with truffles " * 6 + b"\r\n"


class Reader(Protocol):
    def connectionMade(self):
        self.rest, self.is_paused = dishes(), False
        self.transport.registerProducer(self, True)
        self.some()

    def some(self):
        for _ in range(100):
            dish = next(self.rest, None)
            if dish is None:
                self.transport.unregisterProducer()
                self.transport.loseConnection()
                return
            if not self.is_paused:
                self.transport.write(dish)
        reactor.callLater(0.05, self.some)

    def resumeProducing(self):
        self.is_paused = False

    def pauseProducing(self):
        self.is_paused = True

    def stopProducing(self):
        self.is_paused = True


reactor.listenTCP(7771, Factory.forProtocol(Reader))
reactor.run()
