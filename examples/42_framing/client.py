"""Send the post in pieces, cut anywhere, then a postcard without an end."""

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol

POST = b"wish you were here\r\nparcel 9\r\none\r\ntwo\nthe last one\r\n"


class Sender(Protocol):
    def connectionMade(self):
        self.pieces = [POST[at : at + 5] for at in range(0, len(POST), 5)]
        self.send()

    def send(self):
        if self.pieces:
            self.transport.write(self.pieces.pop(0))
            reactor.callLater(0, self.send)
        else:
            self.transport.write(b"and " * 10_000)

    def connectionLost(self, reason):
        print("they have shut the window")
        reactor.stop()


class SenderFactory(ClientFactory):
    protocol = Sender

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7788, SenderFactory())
reactor.run()
