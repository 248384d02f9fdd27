"""Visit the house, and show how it greets."""

from reactor import task
from reactor.defer import Deferred
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.protocol import Protocol


class Visitor(Protocol):
    def connectionMade(self):
        self.left = Deferred()

    def dataReceived(self, data):
        print(data.decode(), end="")

    def connectionLost(self, reason):
        self.left.callback(None)


async def visit(reactor):
    house = TCP4ClientEndpoint(reactor, "127.0.0.1", 7871)
    visitor = await connectProtocol(house, Visitor())
    await visitor.left


task.react(visit)
