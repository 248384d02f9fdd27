"""A server that sends each message back, reversed."""

from reactor import reactor
from reactor.protocol import Factory, Protocol


class Mirror(Protocol):
    def dataReceived(self, data):
        length = int.from_bytes(data[:4], "big")  # TODO: and if only three bytes have come?
        self.transport.write(data[:4] + data[4 : 4 + length][::-1])


reactor.listenTCP(7771, Factory.forProtocol(Mirror))
reactor.run()
