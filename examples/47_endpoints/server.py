"""Serve at every place that the command line names."""

import sys

from reactor import reactor
from reactor.endpoints import serverFromString
from reactor.protocol import Factory, Protocol


class Greeter(Protocol):
    def connectionMade(self):
        self.transport.write(b"good evening")
        self.transport.loseConnection()


# [serve]
greeters = Factory.forProtocol(Greeter)
for place in sys.argv[1:]:
    listening = serverFromString(reactor, place).listen(greeters)
    listening.addCallback(lambda port, place: print("serving at", place), place)
# [/serve]
reactor.run()
