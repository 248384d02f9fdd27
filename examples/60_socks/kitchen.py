"""A kitchen that tells everybody the menu, and notes where they came from."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Menu(Protocol):
    def connectionMade(self):
        print("somebody comes from", self.transport.getPeer().host)
        self.transport.write(b"tomato soup\n")
        self.transport.loseConnection()


reactor.listenTCP(7795, Factory.forProtocol(Menu), interface="127.0.0.1")
print("listening on port 7795")
reactor.run()
