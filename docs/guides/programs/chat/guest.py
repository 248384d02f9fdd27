"""Talk to the chat server: `python guest.py NAME [LINE...]` says these lines and prints what comes back."""

import sys

from reactor import reactor
from reactor.protocol import ClientFactory
from reactor.protocols.basic import LineOnlyReceiver


class Talker(LineOnlyReceiver):
    delimiter = b"\n"

    def connectionMade(self):
        for line in sys.argv[1:]:
            self.sendLine(line.encode())

    def lineReceived(self, line):
        print(line.decode())


class TalkerFactory(ClientFactory):
    protocol = Talker

    def clientConnectionFailed(self, connector, reason):
        print("no connection:", reason.getErrorMessage())
        reactor.stop()

    def clientConnectionLost(self, connector, reason):
        if reactor.running:
            reactor.stop()


reactor.connectTCP("127.0.0.1", 7810, TalkerFactory())
reactor.run()
