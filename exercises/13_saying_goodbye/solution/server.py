"""Gives the wine list to the last guest."""

from reactor import reactor
from reactor.protocol import Factory, Protocol

LIST = b"".join(b"%d: a wine of the year %d\r\n" % (n, 1900 + n % 100) for n in range(20_000))


class LastGuest(Protocol):
    def connectionMade(self):
        self.transport.write(LIST)
        self.transport.loseConnection()

    def connectionLost(self, reason):
        reactor.stop()


reactor.listenTCP(7771, Factory.forProtocol(LastGuest))
reactor.run()
