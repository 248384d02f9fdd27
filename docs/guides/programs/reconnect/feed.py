"""A feed to try the client with: `python feed.py READING...` tells one watcher these readings and ends."""

import sys

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineOnlyReceiver


class Feed(LineOnlyReceiver):
    delimiter = b"\n"

    def lineReceived(self, line):
        if line != b"subscribe kitchen":
            self.sendLine(b"there is only a kitchen")
        else:
            for answer in ["ok", *sys.argv[1:]]:
                self.sendLine(answer.encode())
        self.transport.loseConnection()

    def connectionLost(self, reason):
        reactor.stop()


reactor.listenTCP(7811, Factory.forProtocol(Feed))
reactor.run()
