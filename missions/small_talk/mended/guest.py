"""A guest of few words: `python guest.py NAME`."""

import sys

from reactor import reactor
from reactor.protocol import ClientFactory
from reactor.protocols.basic import LineReceiver

name = sys.argv[1].encode()


class Guest(LineReceiver):
    delimiter = b"\n"
    greeted = False

    def lineReceived(self, line):
        words = line.decode()
        print(words)
        if self.greeted:
            self.transport.loseConnection()  # enough small talk
        elif words != "guests: 1":  # alone, there is nobody to greet
            self.greeted = True
            self.transport.write(b"hello from %s\n" % name)

    def connectionLost(self, reason):
        if reactor.running:  # and not stopping anyway, by Ctrl-C
            reactor.stop()


class Visit(ClientFactory):
    protocol = Guest

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7772, Visit())
reactor.run()
