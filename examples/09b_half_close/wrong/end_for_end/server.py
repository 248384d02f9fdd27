"""A waiter who adds up what a guest has had, once the guest has said that this was all."""

from reactor import reactor
from reactor.protocol import ServerFactory
from reactor.protocols.basic import LineReceiver


class Till(LineReceiver):
    total = 0

    def lineReceived(self, line):
        self.total += int(line)

    def connectionLost(self, reason):
        self.sendLine(b"that makes %d" % self.total)
        print("closed:", reason.type.__name__)


reactor.listenTCP(7806, ServerFactory.forProtocol(Till))
print("listening on port 7806")
reactor.run()
