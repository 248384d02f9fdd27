"""Bytes are text."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data.decode(errors="replace").encode())

    def readConnectionLost(self):
        self.transport.loseConnection()


reactor.listenTCP(7771, Factory.forProtocol(Echo))
reactor.run()
