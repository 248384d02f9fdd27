"""A connection that is lost was closed politely."""

from reactor import reactor
from reactor.error import ConnectionDone
from reactor.protocol import Factory, Protocol


class Clock(Protocol):
    def connectionMade(self):
        self.transport.write(b"tick\r\n")
        self.next = reactor.callLater(1, self.connectionMade)

    def connectionLost(self, reason):
        if reason.check(ConnectionDone):
            self.next.cancel()


reactor.listenTCP(7771, Factory.forProtocol(Clock))
reactor.run()
