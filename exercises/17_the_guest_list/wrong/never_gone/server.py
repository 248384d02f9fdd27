"""Guests say goodbye before they leave."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class Guest(LineReceiver):
    name = None

    def lineReceived(self, line):
        if self.name is None:
            self.name = line
            self.sendLine(b"here: " + b", ".join(guest.name for guest in self.factory.guests))
            self.factory.tell(b"+ " + line)
            self.factory.guests.append(self)
        else:
            self.factory.tell(self.name + b": " + line, but=self)

    def connectionLost(self, reason):
        self.factory.tell(b"- " + (self.name or b""), but=self)


class Room(Factory):
    protocol = Guest

    def __init__(self):
        self.guests = []

    def tell(self, line, but=None):
        for guest in self.guests:
            if guest is not but:
                guest.sendLine(line)


reactor.listenTCP(7771, Room())
reactor.run()
