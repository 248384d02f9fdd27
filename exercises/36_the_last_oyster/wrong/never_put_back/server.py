"""What was taken is sold."""

from reactor import reactor
from reactor.defer import ensureDeferred
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver
from reactor.task import deferLater


async def pay(purse):
    """Have the bank look: a second. Raises ValueError when the purse is empty."""
    await deferLater(reactor, 1)
    if purse == b"empty":
        raise ValueError("this purse is empty")


class Waiter(LineReceiver):
    def lineReceived(self, purse):
        ensureDeferred(self.sell(purse))

    async def sell(self, purse):
        bar = self.factory
        if not bar.oysters:
            self.sendLine(b"sold out")
            return
        bar.oysters -= 1
        try:
            await pay(purse)
        except ValueError:
            self.sendLine(b"no money")
        else:
            self.sendLine(b"an oyster")


class Bar(Factory):
    protocol = Waiter
    oysters = 3


reactor.listenTCP(7771, Bar())
reactor.run()
