"""Who waits for nothing goes home by himself."""

from reactor import reactor
from reactor.defer import Deferred
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

COOKS_S = 2


class Table(LineReceiver):
    waits_for = 0  # dishes

    def connectionMade(self):
        self.factory.tables.append(self)

    def lineReceived(self, order):
        if self.factory.is_closing:
            self.sendLine(b"no %s any more" % order)
        else:
            self.waits_for += 1
            reactor.callLater(COOKS_S, self.serve, order)

    def serve(self, dish):
        self.waits_for -= 1
        self.sendLine(b"your " + dish)
        self.leave_if_done()

    def leave_if_done(self):
        if self.factory.is_closing and not self.waits_for:
            self.transport.loseConnection()

    def connectionLost(self, reason):
        self.factory.tables.remove(self)
        self.factory.go_home_if_empty()


class Restaurant(Factory):
    protocol = Table
    is_closing = False

    def __init__(self):
        self.tables, self.is_empty = [], Deferred()  # which has its result when nobody is there any more

    def last_orders(self):
        """Called before the reactor stops; it waits for the Deferred."""
        self.is_closing = True
        port.stopListening()
        self.go_home_if_empty()
        return self.is_empty

    def go_home_if_empty(self):
        if self.is_closing and not self.tables and not self.is_empty.called:
            self.is_empty.callback(None)


restaurant = Restaurant()
port = reactor.listenTCP(7771, restaurant)
reactor.addSystemEventTrigger("before", "shutdown", restaurant.last_orders)
reactor.run()
