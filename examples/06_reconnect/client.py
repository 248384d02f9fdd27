"""A client that is earlier than its server, and patient."""

from reactor import reactor
from reactor.protocol import Protocol, ReconnectingClientFactory


class Guest(Protocol):
    def dataReceived(self, data):
        print(data.decode())
        self.factory.stopTrying()  # that was all we came for
        self.transport.loseConnection()

    def connectionLost(self, reason):
        reactor.stop()


class Patient(ReconnectingClientFactory):
    protocol = Guest
    initialDelay = 0.05
    maxDelay = 1
    maxRetries = 100

    def clientConnectionFailed(self, connector, reason):
        if self.retries == 0:
            print("closed, I shall come again")
        super().clientConnectionFailed(connector, reason)


reactor.connectTCP("127.0.0.1", 7774, Patient())
reactor.run()
