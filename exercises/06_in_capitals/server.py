"""A server that repeats what is said, in capitals."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Loud(Protocol):
    def dataReceived(self, data):
        self.transport.write(data.upper())  # TODO: è is a letter, too


reactor.listenTCP(7771, Factory.forProtocol(Loud))
reactor.run()
