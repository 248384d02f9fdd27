"""What is read and written at once needs no file any more."""

from menu import open_menu

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Reader(Protocol):
    def connectionMade(self):
        with open_menu() as file:
            self.transport.write(file.read())
        self.transport.loseConnection()


reactor.listenTCP(7771, Factory.forProtocol(Reader))
reactor.run()
