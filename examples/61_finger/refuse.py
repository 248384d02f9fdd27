"""A finger server that knows nobody: the protocol as it comes, and no policy at all."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.finger import Finger

# [refuse]
reactor.listenTCP(7797, Factory.forProtocol(Finger))
# [/refuse]
print("listening on port 7797")
reactor.run()
