"""A fax machine: it gets pictures by telnet, and writes them back in hexadecimal."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Fax(Protocol):
    def dataReceived(self, data):
        # TODO: pieces that are cut anywhere, and commands
        picture = data.replace(b"\xff\xff", b"\xff")
        self.transport.write(picture.hex().encode())


reactor.listenTCP(7762, Factory.forProtocol(Fax))
reactor.run()
