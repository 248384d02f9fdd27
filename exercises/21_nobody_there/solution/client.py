"""Asks for the menu."""

import sys

from reactor import reactor
from reactor.error import ConnectionRefusedError
from reactor.protocol import ClientFactory
from reactor.protocols.basic import LineReceiver


class Menu(LineReceiver):
    def lineReceived(self, line):
        self.factory.over(line.decode(), 0)


class Reader(ClientFactory):
    protocol = Menu
    status = None

    def clientConnectionFailed(self, connector, reason):
        if reason.check(ConnectionRefusedError):
            self.over("refused", 1)
        else:
            self.over("silent", 2)

    def clientConnectionLost(self, connector, reason):
        self.over("lost", 3)

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
