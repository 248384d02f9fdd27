"""A kitchen that takes an order a line."""

from reactor import reactor
from reactor.defer import Deferred
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


def cook(dish):
    """A Deferred of the dish, in a second; it fails for what the kitchen doesn't have."""
    ready = Deferred()
    if dish == b"soup":
        reactor.callLater(1, ready.callback, dish)
    else:
        reactor.callLater(1, ready.errback, LookupError(dish.decode()))
    return ready


def garnish(dish):
    return dish + b" with parsley"


def order(dish):
    d = cook(dish)
    d.addCallback(garnish)
    return d


class Waiter(LineReceiver):
    def lineReceived(self, line):
        d = order(line)
        d.addCallback(self.serve)
        d.addErrback(self.sorry)

    def serve(self, dish):
        self.sendLine(b"your " + dish)

    def sorry(self, reason):
        self.sendLine(b"sorry, no " + str(reason.value).encode())


reactor.listenTCP(7771, Factory.forProtocol(Waiter))
reactor.run()
