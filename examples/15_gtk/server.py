"""An echo server of one line: the protocol is in the library, too."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.wire import Echo

# [listen]
reactor.listenTCP(7799, Factory.forProtocol(Echo))
# [/listen]
print("listening on port 7799")
reactor.run()
