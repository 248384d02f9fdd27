"""One table, and a waiter who doesn't wait for ever."""

from reactor import reactor
from reactor.protocol import Protocol
from reactor.protocols.basic import LineReceiver
from reactor.protocols.policies import LimitTotalConnectionsFactory, TimeoutMixin


class Table(LineReceiver, TimeoutMixin):
    def connectionMade(self):
        self.sendLine(b"what would you like?")
        self.setTimeout(0.3)

    def lineReceived(self, line):
        print("somebody orders", line.decode())
        self.resetTimeout()

    def timeoutConnection(self):
        print("somebody has fallen asleep")
        self.sendLine(b"we are closing")
        self.transport.loseConnection()

    def connectionLost(self, reason):
        self.setTimeout(None)


class Sorry(Protocol):
    def connectionMade(self):
        self.transport.write(b"we are full\r\n")
        self.transport.loseConnection()


# [limits]
restaurant = LimitTotalConnectionsFactory()
restaurant.protocol = Table
restaurant.connectionLimit = 1
restaurant.overflowProtocol = Sorry
reactor.listenTCP(7789, restaurant)
# [/limits]
reactor.run()
