"""A factory may build one protocol and use it for everybody."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)

    def readConnectionLost(self):
        self.transport.loseConnection()


class Kitchen(Factory):
    echo = Echo()

    def buildProtocol(self, addr):
        return self.echo


reactor.listenTCP(7771, Kitchen())
reactor.run()
