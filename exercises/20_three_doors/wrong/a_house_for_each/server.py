"""Each door needs a factory of its own."""

import sys

from reactor import reactor
from reactor.address import UNIXAddress
from reactor.endpoints import serverFromString
from reactor.protocol import Factory, Protocol


class Welcome(Protocol):
    def connectionMade(self):
        self.factory.number += 1
        peer = self.transport.getPeer()
        place = "the garden" if isinstance(peer, UNIXAddress) else peer.host
        self.transport.write(f"welcome from {place}, number {self.factory.number}\r\n".encode())


class House(Factory):
    protocol = Welcome

    def __init__(self):
        self.number = 0


reactor.listenTCP(7771, House())
reactor.listenUNIX("/run/garden", House())
for description in sys.argv[1:]:
    serverFromString(reactor, description).listen(House())
reactor.run()
