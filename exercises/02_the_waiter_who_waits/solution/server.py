"""A waiter with soup, which must cook, and tea, which is there."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

COOKS_S = 2


class Waiter(LineReceiver):
    def lineReceived(self, line):
        if line == b"soup":
            reactor.callLater(COOKS_S, self.serve, line)
        else:
            self.serve(line)

    def serve(self, dish):
        self.sendLine(b"your " + dish)


reactor.listenTCP(7771, Factory.forProtocol(Waiter))
reactor.run()
