"""A server that counts the letters of each line."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Counting(Protocol):
    def dataReceived(self, data):
        for line in data.splitlines():  # TODO: what if a line comes in two parts?
            self.transport.write(b"%d\r\n" % len(line))


reactor.listenTCP(7771, Factory.forProtocol(Counting))
reactor.run()
