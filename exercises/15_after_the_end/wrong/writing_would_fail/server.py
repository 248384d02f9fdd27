"""Writing to a guest who has gone raises, and that ends it."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Clock(Protocol):
    def connectionMade(self):
        try:
            self.transport.write(b"tick\r\n")
        except OSError:
            return
        reactor.callLater(1, self.connectionMade)


reactor.listenTCP(7771, Factory.forProtocol(Clock))
reactor.run()
