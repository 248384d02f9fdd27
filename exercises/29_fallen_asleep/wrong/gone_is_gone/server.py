"""With the connection goes all that was to happen to it."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

PATIENCE_S = 60


class Waiter(LineReceiver):
    def connectionMade(self):
        self.asleep = reactor.callLater(PATIENCE_S, self.transport.abortConnection)

    def lineReceived(self, line):
        self.asleep.reset(PATIENCE_S)
        self.sendLine(line)


reactor.listenTCP(7771, Factory.forProtocol(Waiter))
reactor.run()
