"""A room in which guests talk."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class Guest(LineReceiver):
    name = None

    def lineReceived(self, line):
        """TODO: the first line is a name, the others are for the others."""


class Room(Factory):
    protocol = Guest

    def __init__(self):
        self.guests = []


reactor.listenTCP(7771, Room())
reactor.run()
