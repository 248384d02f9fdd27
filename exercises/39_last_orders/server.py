"""A restaurant that serves soup after two seconds, and closes when it is told to."""

from reactor import reactor
from reactor.defer import Deferred
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

COOKS_S = 2


class Table(LineReceiver):
    def connectionMade(self):
        self.factory.tables.append(self)

    def lineReceived(self, order):
        reactor.callLater(COOKS_S, self.serve, order)

    def serve(self, dish):
        self.sendLine(b"your " + dish)

    def connectionLost(self, reason):
        self.factory.tables.remove(self)


class Restaurant(Factory):
    protocol = Table
    is_closing = False

    def __init__(self):
        self.tables, self.is_empty = [], Deferred()  # which has its result when nobody is there any more


restaurant = Restaurant()
port = reactor.listenTCP(7771, restaurant)
reactor.run()  # TODO: and when somebody presses Ctrl-C while soups are cooking?
