"""A slow reader: takes a breath after every mouthful."""

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol


class SlowReader(Protocol):
    total = 0

    def dataReceived(self, data):
        self.total += len(data)
        self.transport.pauseProducing()
        reactor.callLater(0.001, self.transport.resumeProducing)

    def connectionLost(self, reason):
        print("received", self.total, "bytes")
        reactor.stop()


class ReaderFactory(ClientFactory):
    protocol = SlowReader

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7781, ReaderFactory())
reactor.run()
