"""Asks for the menu."""

import sys

from reactor import reactor
from reactor.protocol import ClientFactory
from reactor.protocols.basic import LineReceiver


class Menu(LineReceiver):
    def lineReceived(self, line):
        self.factory.over(line.decode(), 0)


class Reader(ClientFactory):
    protocol = Menu
    status = None

    def clientConnectionFailed(self, connector, reason):
        self.over("failed", 1)  # TODO: how?

    def over(self, said, status):
        """Print it, the first time, and end."""
        if self.status is None:
            print(said)
            self.status = status
            reactor.stop()


reader = Reader()
reactor.connectTCP("theirs", 7771, reader, timeout=5)
reactor.run()
sys.exit(reader.status)
