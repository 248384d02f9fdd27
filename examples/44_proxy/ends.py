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
        self.factory.noise.addCallback(self.wake_up)

    def wake_up(self, noise):
        print("guest: wakes up")
        self.transport.resumeProducing()

    def dataReceived(self, data):
        self.drunk += len(data)

    def connectionLost(self, reason):
        print(f"guest: {self.drunk:,} bytes, thank you")
        reactor.stop()


class Guests(ClientFactory):
    protocol = Guest

    def __init__(self, noise):
        self.noise = noise  # a Deferred, of what wakes a guest
