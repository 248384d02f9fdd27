"""A guest who goes to bed, and leaves when called: `python guest.py NAME`."""

import sys

from reactor import reactor
from reactor.protocol import ClientFactory
from reactor.protocols.basic import LineReceiver


class Sleeper(LineReceiver):
    def connectionMade(self):
        self.sendLine(sys.argv[1].encode())

    def lineReceived(self, line):
        print(sys.argv[1], "hears:", line.decode())
        self.transport.loseConnection()

    def connectionLost(self, reason):
        reactor.stop()


class Night(ClientFactory):
    protocol = Sleeper

    def clientConnectionFailed(self, connector, reason):
        print("nobody there:", reason.type.__name__)
        reactor.stop()


reactor.connectTCP("127.0.0.1", 7807, Night())
reactor.run()
