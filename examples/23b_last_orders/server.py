"""A restaurant that closes in good order: what was accepted is served, nothing new is accepted."""

from reactor import reactor
from reactor.defer import Deferred
from reactor.protocol import ServerFactory
from reactor.protocols.basic import LineReceiver


class Table(LineReceiver):
    waits_for = 0  # dishes

    def connectionMade(self):
        self.factory.tables.append(self)

    def lineReceived(self, order):
        if order == b"close":  # as Ctrl-C and `kill` do
            reactor.stop()
        elif self.factory.is_closing:
            self.sendLine(b"no %s any more" % order)
        else:
            self.waits_for += 1
            reactor.callLater(0.3, self.serve, order)

    def serve(self, dish):
        self.waits_for -= 1
        self.sendLine(b"here is the " + dish)
        self.leave_if_done()

    def leave_if_done(self):
        if self.factory.is_closing and not self.waits_for:
            self.transport.loseConnection()

    def connectionLost(self, reason):
        self.factory.tables.remove(self)
        self.factory.go_home_if_empty()


class Restaurant(ServerFactory):
    protocol = Table
    is_closing = False

    def __init__(self):
        self.tables = []
        self.closed = Deferred()

    def last_orders(self):
        print("told to stop; tables:", len(self.tables))
        port.stopListening()
        self.is_closing = True
        for table in self.tables:
            table.sendLine(b"last orders, please")
            table.leave_if_done()
        self.go_home_if_empty()
        return self.closed  # the reactor stops when it has fired

    def go_home_if_empty(self):
        if self.is_closing and not self.tables:
            self.closed.callback(None)


restaurant = Restaurant()
port = reactor.listenTCP(7809, restaurant)
reactor.addSystemEventTrigger("before", "shutdown", restaurant.last_orders)
print("listening on port 7809")
reactor.run()
print("closed; tables:", len(restaurant.tables))
