"""What runs in a callback of a Deferred runs beside the others."""

import time

from reactor import reactor
from reactor.defer import succeed
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

COOKS_S = 2


class Waiter(LineReceiver):
    def lineReceived(self, line):
        if line == b"soup":
            cooked = succeed(line)
            cooked.addCallback(lambda _: time.sleep(COOKS_S))
            cooked.addCallback(lambda _: self.serve(line))
        else:
            self.serve(line)

    def serve(self, dish):
        self.sendLine(b"your " + dish)


reactor.listenTCP(7771, Factory.forProtocol(Waiter))
reactor.run()
