"""A house that greets its guests."""

import sys

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Welcome(Protocol):
    def connectionMade(self):
        self.factory.number += 1
        place = self.transport.getPeer().host
        self.transport.write(f"welcome from {place}, number {self.factory.number}\r\n".encode())


class House(Factory):
    protocol = Welcome

    def __init__(self):
        self.number = 0


reactor.listenTCP(7771, House())
doors = sys.argv[1:]  # TODO: the third door, if there is one; and where is the second?
reactor.run()
