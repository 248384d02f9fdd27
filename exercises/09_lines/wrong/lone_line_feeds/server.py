"""A line ends at LF; a CR before it may be stripped."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Counting(Protocol):
    def __init__(self):
        self.rest = b""

    def dataReceived(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.transport.write(b"%d\r\n" % len(line.rstrip(b"\r")))
        if len(self.rest) > 1000:
            self.transport.loseConnection()


reactor.listenTCP(7771, Factory.forProtocol(Counting))
reactor.run()
