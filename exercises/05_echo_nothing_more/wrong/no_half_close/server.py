"""A guest who closes his half has gone."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)


reactor.listenTCP(7771, Factory.forProtocol(Echo))
reactor.run()
