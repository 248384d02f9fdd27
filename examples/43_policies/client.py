"""Two guests: ann sits down and forgets to order more, bob comes when the table is taken."""

from reactor import reactor
from reactor.protocol import ClientFactory
from reactor.protocols.basic import LineReceiver


class Guest(LineReceiver):
    def lineReceived(self, line):
        name = self.factory.name
        print(f"{name} hears:", line.decode())
        if line == b"what would you like?":
            self.sendLine(b"soup")
            come_in("bob")

    def connectionLost(self, reason):
        print(self.factory.name, "is outside")
        if self.factory.name == "ann":
            reactor.stop()


class Invitation(ClientFactory):
    protocol = Guest

    def __init__(self, name):
        self.name = name

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


def come_in(name):
    reactor.connectTCP("127.0.0.1", 7789, Invitation(name))


come_in("ann")
reactor.run()
