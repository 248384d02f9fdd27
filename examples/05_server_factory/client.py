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


def arrive():
    reactor.connectTCP("127.0.0.1", 7773, ClientFactory.forProtocol(Customer))


arrive()
reactor.run()
