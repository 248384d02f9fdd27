"""Everybody comes to an end some day."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Counting(Protocol):
    def __init__(self):
        self.rest = b""

    def dataReceived(self, data):
        *lines, self.rest = (self.rest + data).split(b"\r\n")
        for line in lines:
            self.transport.write(b"%d\r\n" % len(line))


reactor.listenTCP(7771, Factory.forProtocol(Counting))
reactor.run()
