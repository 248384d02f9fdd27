"""One thing at a time: the waiter is one, so is the pan."""

from reactor import reactor
from reactor.defer import DeferredLock
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver
from reactor.task import deferLater

COOKS_S = 2
stove = DeferredLock()


class Waiter(LineReceiver):
    def lineReceived(self, line):
        if line == b"soup":
            stove.run(deferLater, reactor, COOKS_S, self.serve, line)
        else:
            self.serve(line)

    def serve(self, dish):
        self.sendLine(b"your " + dish)


reactor.listenTCP(7771, Factory.forProtocol(Waiter))
reactor.run()
