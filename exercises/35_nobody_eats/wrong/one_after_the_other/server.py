"""Who awaits waits: the next order comes when this one is done."""

from reactor import reactor
from reactor.defer import CancelledError, ensureDeferred
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
        self.pauseProducing()
        d = ensureDeferred(self.serve(line))
        self.cooking.add(d)
        d.addBoth(lambda _: self.cooking.discard(d))
        d.addBoth(lambda _: self.resumeProducing())

    async def serve(self, dish):
        try:
            self.sendLine(b"your " + await cook(dish))
        except LookupError:
            self.sendLine(b"sorry, no " + dish)
        except CancelledError:
            pass

    def connectionLost(self, reason):
        for d in list(self.cooking):
            d.cancel()


reactor.listenTCP(7771, Factory.forProtocol(Waiter))
reactor.run()
