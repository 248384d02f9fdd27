"""The two ends: a cellar that pours as fast as it can, and a guest who is asleep."""

import io

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol
from reactor.protocols.basic import FileSender

WINE = io.BytesIO(bytes(20_000_000))


class Cellar(Protocol):
    def connectionMade(self):
        pouring = FileSender().beginFileTransfer(WINE, self.transport)
        pouring.addCallback(lambda last: self.transport.loseConnection())


class Guest(Protocol):
    drunk = 0

    def connectionMade(self):
        self.transport.pauseProducing()
        self.doze()

    def doze(self):
        if not self.factory.said:  # then nobody waits
            reactor.callLater(0.01, self.doze)
            return
        print("guest: wakes up")
        self.transport.resumeProducing()

    def dataReceived(self, data):
        self.drunk += len(data)

    def connectionLost(self, reason):
        print(f"guest: {self.drunk:,} bytes, thank you")
        reactor.stop()


class Guests(ClientFactory):
    protocol = Guest

    def __init__(self, said):
        self.said = said  # by the proxy
