"""The longer nobody has answered, the longer one may wait."""

import random

from reactor import reactor
from reactor.protocol import ClientFactory
from reactor.protocols.basic import LineReceiver


class Guest(LineReceiver):
    def lineReceived(self, line):
        self.factory.delay = 1
        if line == b"closed for good":
            self.factory.stopped = True
            reactor.stop()


class Guests(ClientFactory):
    protocol = Guest
    delay = 1
    stopped = False

    def clientConnectionFailed(self, connector, reason):
        if not self.stopped:
            wait = self.delay * random.uniform(0.5, 1.5)
            self.delay = self.delay * 4
            reactor.callLater(wait, connector.connect)

    clientConnectionLost = clientConnectionFailed


reactor.connectTCP("theirs", 7771, Guests())
reactor.run()
