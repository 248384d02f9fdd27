"""A word comes in one piece."""

from reactor import reactor
from reactor.endpoints import clientFromString
from reactor.interfaces import IHalfCloseableProtocol, implementer
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

KITCHEN = clientFromString(reactor, "tcp:theirs:7772")


@implementer(IHalfCloseableProtocol)
class Side(LineReceiver):
    """One of two connections. other: the other one, once there is one."""

    other = None

    def readConnectionLost(self):
        self.other.transport.loseWriteConnection()

    def writeConnectionLost(self):
        """Our own wish."""

    def connectionLost(self, reason):
        if self.other:
            self.other.transport.unregisterProducer()
            self.other.transport.loseConnection()


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
        self.transport.registerProducer(kitchen.transport, True)
        kitchen.transport.registerProducer(self.transport, True)
        self.transport.resumeProducing()

    def dataReceived(self, data):
        self.other.transport.write(data.replace(b"oyster", b"turnip"))


reactor.listenTCP(7771, Factory.forProtocol(Guest))
reactor.run()
