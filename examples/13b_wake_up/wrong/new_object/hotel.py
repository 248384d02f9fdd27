"""A hotel that speaks first: at seven a clock calls the guests, whoever of them is in."""

from reactor import reactor
from reactor.protocol import ServerFactory
from reactor.protocols.basic import LineReceiver


class Guest(LineReceiver):
    name = None

    def lineReceived(self, line):
        self.name = line.decode()
        self.factory.guests[self.name] = self

    def connectionLost(self, reason):
        self.factory.guests.pop(self.name, None)


class Hotel(ServerFactory):
    protocol = Guest

    def __init__(self):
        self.guests = {}

    def wake(self, name):
        if name in self.guests:
            Guest().sendLine(b"good morning")
            print("called", name)
        else:
            print(name, "is not in")


# [clock]
def strike(hotel):
    if not hotel.guests:  # the night goes on
        reactor.callLater(0.01, strike, hotel)
        return
    hotel.wake("ann")
    hotel.wake("bob")


hotel = Hotel()
reactor.listenTCP(7807, hotel)
reactor.callLater(0.01, strike, hotel)
# [/clock]
print("listening on port 7807")
reactor.run()
