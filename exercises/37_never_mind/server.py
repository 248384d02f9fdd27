"""A kitchen for guests who don't wait for ever."""

from reactor import reactor
from reactor.defer import Deferred
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

LASTS_S = {b"soup": 1, b"goose": 10}


def cook(dish):
    """A Deferred of the dish. While it cooks, a timer of the reactor's is the stove."""
    ready = Deferred()
    reactor.callLater(LASTS_S[dish], ready.callback, dish)
    return ready


class Waiter(LineReceiver):
    def lineReceived(self, line):
        cook(line).addCallback(self.serve)  # TODO: three seconds, and no longer

    def serve(self, dish):
        self.sendLine(b"your " + dish)


reactor.listenTCP(7771, Factory.forProtocol(Waiter))
reactor.run()
