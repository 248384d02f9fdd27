"""A guest who takes bytes for what they are, and letters for what comes of them."""

import codecs

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol


class Guest(Protocol):
    def connectionMade(self):
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def dataReceived(self, data):
        try:
            data.decode()
        except UnicodeDecodeError as error:
            print(f"{len(data)} bytes, {data!r}: {error.reason}")
        text = data.decode(errors="replace")
        print(f"understood: {text!r}")
        self.transport.write(b"go on")

    def connectionLost(self, reason):
        reactor.stop()


class Visit(ClientFactory):
    protocol = Guest

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7800, Visit())
reactor.run()
