"""Three customers, one after the other, and nobody gets up."""

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol


class Customer(Protocol):
    seated = False

    def dataReceived(self, data):
        print(data.decode())
        self.seated = True
        arrive()

    def connectionLost(self, reason):
        if not self.seated:
            print("shown the door")
            reactor.stop()


class Visit(ClientFactory):
    protocol = Customer

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


def arrive():
    reactor.connectTCP("127.0.0.1", 7773, Visit())


arrive()
reactor.run()
