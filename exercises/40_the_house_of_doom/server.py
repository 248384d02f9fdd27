"""A chat room in a house where everything breaks."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Guest(Protocol):
    name = None

    def connectionMade(self):
        self.factory.guests.append(self)  # TODO: who is a guest, for how long, and who knows him by which name?

    def dataReceived(self, line):
        line = line.strip()  # TODO: is it one?
        if self.name is not None:
            self.factory.tell(self.name + b": " + line, self)
        else:
            self.name = line
            self.factory.tell(line + b" comes", self)


class House(Factory):
    protocol = Guest

    def __init__(self):
        self.guests = []

    def tell(self, line, sender):
        for guest in self.guests:
            if guest is not sender:
                guest.transport.write(line + b"\r\n")  # TODO: and if he doesn't read?


reactor.listenTCP(7771, House())
reactor.run()
