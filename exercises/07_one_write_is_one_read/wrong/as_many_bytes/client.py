"""When as many bytes have come as were sent, it is the answer."""

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol

MESSAGE = b"Hello, world!\r\n"


class Trial(Protocol):
    received = b""
    is_over = False

    def connectionMade(self):
        self.transport.write(MESSAGE)

    def dataReceived(self, data):
        self.received += data
        if len(self.received) >= len(MESSAGE):
            self.finish("the same" if self.received == MESSAGE else "something else")

    def connectionLost(self, reason):
        self.finish(f"only {len(self.received)} bytes")

    def finish(self, result):
        """Say it once, hang up, and end when all that is done."""
        if not self.is_over:
            self.is_over = True
            print(result)
            self.transport.loseConnection()
            reactor.callLater(0.1, reactor.stop)


reactor.connectTCP("theirs", 7771, ClientFactory.forProtocol(Trial))
reactor.run()
