"""A server that greets whoever calls."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Greeter(Protocol):
    def connectionMade(self):
        self.transport.write(b"hello")
        self.transport.loseConnection()


reactor.listenTCP(7815, Factory.forProtocol(Greeter))
print("listening on port 7815")
reactor.run()
