"""What is written is read, sooner or later."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver


class Impatient:
    """A producer that ends the connection of somebody for whom too much waits."""

    def __init__(self, transport):
        self.transport = transport
        transport.registerProducer(self, True)

    def pauseProducing(self):
        self.transport.abortConnection()

    def resumeProducing(self):
        """Nothing to do: he is gone."""

    stopProducing = resumeProducing


class Guest(LineReceiver):
    name = None

    def lineReceived(self, line):
        if self.name is not None:
            self.factory.tell(self.name + b": " + line, self)
        elif line in self.factory.guests:
            self.sendLine(b"taken")
        else:
            self.factory.tell(line + b" comes", self)
            self.name = line
            self.factory.guests[line] = self

    def connectionLost(self, reason):
        if self.name is not None:
            del self.factory.guests[self.name]
            self.factory.tell(self.name + b" leaves", self)


class House(Factory):
    protocol = Guest

    def __init__(self):
        self.guests = {}

    def tell(self, line, sender):
        for guest in list(self.guests.values()):
            if guest is not sender:
                guest.sendLine(line)


reactor.listenTCP(7771, House())
reactor.run()
