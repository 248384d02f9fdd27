"""A time-out is a second answer, from a timer."""

from reactor import reactor
from reactor.defer import CancelledError, Deferred, TimeoutError
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

LASTS_S = {b"soup": 1, b"goose": 10}


def cook(dish):
    """A Deferred of the dish. While it cooks, a timer of the reactor's is the stove."""
    ready = Deferred(lambda _: stove.cancel())
    stove = reactor.callLater(LASTS_S[dish], ready.callback, dish)
    return ready


class Waiter(LineReceiver):
    dish = None

    def lineReceived(self, line):
        self.dish = cook(line)
        self.dish.addCallbacks(self.serve, self.never_mind)
        reactor.callLater(3, self.sendLine, b"never mind")

    def serve(self, dish):
        self.sendLine(b"your " + dish)

    def never_mind(self, reason):
        if reason.trap(TimeoutError, CancelledError) is TimeoutError:
            self.sendLine(b"never mind")

    def connectionLost(self, reason):
        if self.dish:
            self.dish.cancel()


reactor.listenTCP(7771, Factory.forProtocol(Waiter))
reactor.run()
