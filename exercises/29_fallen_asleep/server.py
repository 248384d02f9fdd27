"""A waiter who repeats what he is told, while he is told anything."""

from reactor import reactor
from reactor.protocol import Factory
from reactor.protocols.basic import LineReceiver

PATIENCE_S = 60


class Waiter(LineReceiver):
    def lineReceived(self, line):
        self.sendLine(line)  # TODO: and when no line comes?


reactor.listenTCP(7771, Factory.forProtocol(Waiter))
reactor.run()
