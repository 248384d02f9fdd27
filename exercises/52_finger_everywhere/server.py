"""A finger server with as many doors as the command line names."""

from reactor import reactor
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
        return self.transport.getPeer().host


class House(Factory):
    protocol = Finger
    guests = 0


reactor.listenTCP(7779, House())  # TODO: open the doors of the command line instead
reactor.run()
