"""A server that asks for a name, and doesn't ask for long."""

from reactor.protocols.basic import LineReceiver
from reactor.protocols.policies import TimeoutMixin


class Shy(LineReceiver, TimeoutMixin):
    def __init__(self, clock):
        pass

    def connectionMade(self):
        self.setTimeout(30)
        self.sendLine(b"who are you?")

    def lineReceived(self, line):
        self.setTimeout(None)
        self.sendLine(b"pleased to meet you, " + line)
        self.transport.loseConnection()

    def timeoutConnection(self):
        self.transport.abortConnection()
