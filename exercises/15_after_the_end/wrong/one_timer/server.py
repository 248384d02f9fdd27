"""There is one clock, so one timer does for all."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Clock(Protocol):
    next = None

    def connectionMade(self):
        self.transport.write(b"tick\r\n")
        Clock.next = reactor.callLater(1, self.connectionMade)

    def connectionLost(self, reason):
        if Clock.next.active():
            Clock.next.cancel()


reactor.listenTCP(7771, Factory.forProtocol(Clock))
reactor.run()
