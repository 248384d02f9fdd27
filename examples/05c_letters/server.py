"""A waiter who says one word, and takes a breath in the middle of a letter."""

from reactor import reactor
from reactor.protocol import Protocol, ServerFactory

WORD = "café\n".encode()


# [waiter]
class Waiter(Protocol):
    def connectionMade(self):
        self.transport.write(WORD[:4])

    def dataReceived(self, data):
        self.transport.write(WORD[4:])
        self.transport.loseConnection()


# [/waiter]

reactor.listenTCP(7800, ServerFactory.forProtocol(Waiter))
print("listening on port 7800")
reactor.run()
