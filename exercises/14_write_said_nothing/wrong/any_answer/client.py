"""Whatever is answered, it is the answer."""

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol


class Payment(Protocol):
    answer = b""

    def connectionMade(self):
        self.transport.write(b"pay 5\r\n")
        reactor.callLater(10, self.factory.over, "not known")

    def dataReceived(self, data):
        self.factory.over("paid")

    def connectionLost(self, reason):
        self.factory.over("not known")


class Payments(ClientFactory):
    protocol = Payment
    result = None

    def clientConnectionFailed(self, connector, reason):
        self.over("not paid")

    def over(self, result):
        """Print it, the first time, and end."""
        if self.result is None:
            self.result = result
            print(result)
            reactor.stop()


reactor.connectTCP("theirs", 7771, Payments(), timeout=5)
reactor.run()
