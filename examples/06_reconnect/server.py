"""A restaurant that opens late."""

from reactor import reactor
from reactor.protocol import Protocol, ServerFactory


class Welcome(Protocol):
    def connectionMade(self):
        self.transport.write(b"welcome, have you waited long?")


reactor.listenTCP(7774, ServerFactory.forProtocol(Welcome))
print("listening on port 7774")
reactor.run()
