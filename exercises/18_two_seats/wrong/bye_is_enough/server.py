"""Guests say goodbye before they leave."""

from reactor import reactor
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
            self.factory.free += 1
            self.transport.loseConnection()


class Tavern(Factory):
    protocol = Guest

    def __init__(self):
        self.free = 2


reactor.listenTCP(7771, Tavern())
reactor.run()
