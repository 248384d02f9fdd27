"""What comes at once is whole characters."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Loud(Protocol):
    def dataReceived(self, data):
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self.transport.loseConnection()
            return
        self.transport.write(text.upper().encode())


reactor.listenTCP(7771, Factory.forProtocol(Loud))
reactor.run()
