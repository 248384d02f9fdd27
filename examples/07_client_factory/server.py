"""Two guests, and the restaurant closes for good; neither gets anything to eat."""

from reactor import reactor
from reactor.protocol import Protocol, ServerFactory


class Rude(Protocol):
    def connectionMade(self):
        self.factory.guests += 1
        if self.factory.guests < 2:
            self.transport.loseConnection()
        else:
            closed = port.stopListening()  # tells when it has
            closed.addCallback(self.throw_out)

    def throw_out(self, _):
        self.transport.loseConnection()


class Closing(ServerFactory):
    protocol = Rude
    guests = 0


port = reactor.listenTCP(7775, Closing())
print("listening on port 7775")
reactor.run()
