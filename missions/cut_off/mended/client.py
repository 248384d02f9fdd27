"""Say something to the echo server until all of it has come back, on as many connections as that takes."""

from reactor import reactor
from reactor.error import ConnectionDone
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


class HelloFactory(ClientFactory):
    protocol = Hello

    def clientConnectionLost(self, connector, reason):
        if reason.check(ConnectionDone):
            reactor.stop()
        else:
            connector.connect()

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7771, HelloFactory())
reactor.run()
