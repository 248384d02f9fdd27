"""A server that sends back what comes."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

    def readConnectionLost(self):
        self.transport.loseConnection()


reactor.listenTCP(7771, Factory.forProtocol(Echo))
reactor.run()
