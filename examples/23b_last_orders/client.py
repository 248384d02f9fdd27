"""A guest who has ordered when the restaurant closes, and tries to order once more."""

from reactor import reactor
from reactor.protocol import ClientFactory
from reactor.protocols.basic import LineReceiver


class Guest(LineReceiver):
    def connectionMade(self):
        self.sendLine(b"soup")
        self.sendLine(b"close")

    def lineReceived(self, line):
        print(line.decode())
        if line.startswith(b"last orders"):
            self.sendLine(b"cake")

    def connectionLost(self, reason):
        print("good night:", reason.type.__name__)
        reactor.stop()


class Visit(ClientFactory):
    protocol = Guest

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7809, Visit())
reactor.run()
