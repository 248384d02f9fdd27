"""A client that is earlier than its server, and patient."""

from reactor import reactor
from reactor.protocol import Protocol, ReconnectingClientFactory, ServerFactory


class Welcome(Protocol):
    def connectionMade(self):
        self.transport.write(b"welcome, have you waited long?")


class Guest(Protocol):
    def dataReceived(self, data):
        print(data.decode())
        self.factory.stopTrying()  # that was all we came for
        self.transport.loseConnection()

    def connectionLost(self, reason):
        reactor.stop()


class Patient(ReconnectingClientFactory):
    protocol = Guest
    initialDelay = delay = 0.02  # seconds; later it waits longer
    maxDelay = 1
    maxRetries = 100

    def clientConnectionFailed(self, connector, reason):
        print("closed, attempt", self.retries + 1)
        if self.retries == 1:
            open_up()  # somebody inside has heard us knock


def open_up():
    print("now we are open")
    reactor.listenTCP(7774, ServerFactory.forProtocol(Welcome))


reactor.connectTCP("127.0.0.1", 7774, Patient())
reactor.run()
