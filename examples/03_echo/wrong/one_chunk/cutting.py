"""An echo as it comes back to a train: three bytes, a tunnel, and the rest."""

from reactor import reactor
from reactor.protocol import Protocol, ServerFactory


class Train(Protocol):
    def dataReceived(self, data):
        self.transport.write(data[:3])
        reactor.callLater(0.02, self.transport.write, data[3:])


reactor.listenTCP(7771, ServerFactory.forProtocol(Train))
print("listening on port 7771")
reactor.run()
