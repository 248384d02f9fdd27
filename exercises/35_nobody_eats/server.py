"""A kitchen whose recipes are coroutines."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver
from reactor.task import deferLater


async def cook(dish):
    """The dish, after a second. Raises LookupError for what the kitchen doesn't have."""
    await deferLater(reactor, 1)
    if dish != b"soup":
        raise LookupError(dish.decode())
    return dish


class Waiter(LineReceiver):
    def connectionMade(self):
        self.cooking = set()

    def lineReceived(self, line):
        self.serve(line)  # TODO: who runs it, and who keeps it?

    async def serve(self, dish):
        self.sendLine(b"your " + await cook(dish))

    def connectionLost(self, reason):
        """TODO: stop what cooks for him."""


reactor.listenTCP(7771, Factory.forProtocol(Waiter))
reactor.run()
