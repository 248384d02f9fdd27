"""A connection that is lost was closed politely."""

from reactor import reactor
from reactor.error import ConnectionDone
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class Guest(LineReceiver):
    sits = False

    def connectionMade(self):
        if self.factory.free > 0:
            self.factory.free -= 1
            self.sits = True
            self.sendLine(b"welcome")
        else:
            self.sendLine(b"full")
            self.transport.loseConnection()

    def lineReceived(self, line):
        if line == b"bye":
            self.transport.loseConnection()

    def connectionLost(self, reason):
        if self.sits and reason.check(ConnectionDone):
            self.factory.free += 1


class Tavern(Factory):
    protocol = Guest

    def __init__(self):
        self.free = 2


reactor.listenTCP(7771, Tavern())
reactor.run()
