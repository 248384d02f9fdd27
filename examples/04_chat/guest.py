"""A guest of few words: `python guest.py NAME`."""

import sys

from reactor import reactor
from reactor.protocol import ClientFactory, Protocol


class Guest(Protocol):
    greeted = False

    def dataReceived(self, data):
        words = data.decode().strip()
        print(words)
        if words != "guests: 1" and not self.greeted:  # alone, there is nobody to greet
            self.greeted = True
            self.transport.write(f"hello from {sys.argv[1]}\n".encode())
        if words.startswith("hello"):
            self.transport.loseConnection()

    def connectionLost(self, reason):
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7772, ClientFactory.forProtocol(Guest))
reactor.run()
