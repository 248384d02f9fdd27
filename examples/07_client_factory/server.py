"""Two guests, and the restaurant closes for good; neither gets anything to eat."""

from reactor import reactor
from reactor.protocol import Protocol, ServerFactory


class Rude(Protocol):
    def connectionMade(self):
        self.factory.guests += 1
        if self.factory.guests == 1:
            self.transport.loseConnection()
        else:
            port.stopListening().addCallback(lambda _: self.transport.loseConnection())

    def connectionLost(self, reason):
        print("guest", self.factory.guests, "has left")
        if self.factory.guests == 2:
            reactor.stop()


class Closing(ServerFactory):
    protocol = Rude
    guests = 0


port = reactor.listenTCP(7775, Closing())
print("listening on port 7775")
reactor.run()
