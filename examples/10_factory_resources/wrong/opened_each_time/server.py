"""One factory, two ports, one log."""

from tempfile import TemporaryFile

from reactor import reactor
from reactor.protocol import Protocol, ServerFactory


class Logged(Protocol):
    def dataReceived(self, data):
        self.factory.log.write(data)
        self.transport.loseConnection()


class LogFactory(ServerFactory):
    protocol = Logged

    def buildProtocol(self, address):
        print("opening the log")
        self.log = TemporaryFile()
        return super().buildProtocol(address)

    def stopFactory(self):
        self.log.seek(0)
        words = self.log.read().decode()
        print("closing the log, it says:", words)
        self.log.close()


factory = LogFactory()
reactor.listenTCP(7779, factory)
reactor.listenTCP(7780, factory)
print("listening on ports 7779 and 7780")
reactor.run()
