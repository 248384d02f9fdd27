"""Pays the bill."""

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol


class Payment(Protocol):
    def connectionMade(self):
        self.transport.write(b"pay 5\r\n")
        self.factory.over("paid")  # TODO: who says so?


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
