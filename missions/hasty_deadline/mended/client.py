"""Say something to the echo server, and leave when all of it has come back."""

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol


class Hello(Protocol):
    def connectionMade(self):
        self.received = b""
        self.transport.write(b"hello world")

    def dataReceived(self, data):
        self.received += data
        if self.received == b"hello world":
            print("received", self.received.decode())
            self.transport.loseConnection()

    def connectionLost(self, reason):
        reactor.stop()


class HelloFactory(ClientFactory):
    protocol = Hello

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7771, HelloFactory())
reactor.run()
