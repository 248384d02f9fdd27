"""A room: what one guest says, all the others hear."""

from reactor import reactor
from reactor.protocol import Protocol, ServerFactory


class Guest(Protocol):
    def connectionMade(self):
        self.factory.guests.append(self)
        self.transport.write(b"guests: %d\n" % len(self.factory.guests))

    def dataReceived(self, data):
        for guest in self.factory.guests:
            if guest is not self:
                guest.transport.write(data)

    def connectionLost(self, reason):
        self.transport.write(b"good night\n")


class Room(ServerFactory):
    protocol = Guest

    def __init__(self):
        self.guests = []


reactor.listenTCP(7772, Room())
print("listening on port 7772")
reactor.run()
