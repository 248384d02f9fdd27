"""The man in the middle: between the guests and the kitchen, and with an interest in turnips."""

from reactor import reactor
from reactor.endpoints import clientFromString
from reactor.interfaces import IHalfCloseableProtocol, implementer
from reactor.protocol import Factory, Protocol

KITCHEN = clientFromString(reactor, "tcp:theirs:7772")


@implementer(IHalfCloseableProtocol)
class Side(Protocol):
    """One of two connections. other: the other one, once there is one."""

    other = None

    def readConnectionLost(self):
        """TODO: the other should know."""

    def writeConnectionLost(self):
        """Our own wish."""


class Kitchen(Side):
    def dataReceived(self, data):
        self.other.transport.write(data)


class Guest(Side):
    def connectionMade(self):
        self.transport.pauseProducing()
        called = KITCHEN.connect(Factory.forProtocol(Kitchen))
        called.addCallbacks(self.joined, lambda reason: self.transport.loseConnection())

    def joined(self, kitchen):
        self.other, kitchen.other = kitchen, self
        self.transport.resumeProducing()  # TODO: a slow reader on the one side, a fast writer on the other

    def dataReceived(self, data):
        self.other.transport.write(data.replace(b"oyster", b"turnip"))  # TODO: all of them?


reactor.listenTCP(7771, Factory.forProtocol(Guest))
reactor.run()
