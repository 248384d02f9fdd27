"""A guest who says what there was, then that this was all, and waits for the bill."""

from reactor import reactor
from reactor.protocol import ClientFactory
from reactor.protocols.basic import LineReceiver


class Guest(LineReceiver):
    def connectionMade(self):
        for price in (b"7", b"7", b"28"):
            self.sendLine(price)
        self.transport.loseWriteConnection()

    def lineReceived(self, line):
        print("the bill:", line.decode())

    def connectionLost(self, reason):
        reactor.stop()


class Visit(ClientFactory):
    protocol = Guest

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7806, Visit())
reactor.run()
