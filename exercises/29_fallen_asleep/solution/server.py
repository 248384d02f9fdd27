"""A waiter who repeats what he is told, while he is told anything."""

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

    def connectionLost(self, reason):
        if self.asleep.active():
            self.asleep.cancel()


reactor.listenTCP(7771, Factory.forProtocol(Waiter))
reactor.run()
