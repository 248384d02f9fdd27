"""Every peer has a host."""

import sys

from reactor import reactor
from reactor.endpoints import serverFromString
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


house = House()
reactor.listenTCP(7771, house)
reactor.listenUNIX("/run/garden", house)
for description in sys.argv[1:]:
    serverFromString(reactor, description).listen(house)
reactor.run()
