"""CR and LF come together."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Counting(Protocol):
    def __init__(self):
        self.rest = b""

    def dataReceived(self, data):
        while b"\r\n" in data:
            line, _, data = data.partition(b"\r\n")
            self.transport.write(b"%d\r\n" % len(self.rest + line))
            self.rest = b""
        self.rest += data
        if len(self.rest) > 1000:
            self.transport.loseConnection()


reactor.listenTCP(7771, Factory.forProtocol(Counting))
reactor.run()
