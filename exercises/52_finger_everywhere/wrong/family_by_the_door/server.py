"""By a door of IPv6 come guests over IPv6."""

import sys

from reactor import reactor
from reactor.defer import ensureDeferred
from reactor.endpoints import serverFromString
from reactor.error import CannotListenError
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

STAFF = {b"alice": b"cooks until ten", b"bob": b"is at table two"}


class Finger(LineReceiver):
    def lineReceived(self, user):
        self.factory.guests += 1
        self.sendLine(STAFF.get(user, b"No such user"))
        self.sendLine(f"You are number {self.factory.guests}, and call from {self.place()}".encode())
        self.transport.loseConnection()

    def place(self):
        return getattr(self.transport.getPeer(), "host", "here")


class House(Factory):
    protocol = Finger
    guests = 0


async def open_door(door, house):
    try:
        await serverFromString(reactor, door).listen(house)
    except (ValueError, CannotListenError):
        print("shut:", door)


house = House()
for door in sys.argv[1:]:
    ensureDeferred(open_door(door, house))
reactor.run()
