"""Servers behind proxies, for tests of SOCKS on loops."""

from reactor.protocol import Factory, Protocol
from tests.support.loopback import run_until

HERE = ["127.0.0.0/8"]


class Noting(Protocol):
    """Notes what comes and how it ends. echoes: whether it sends it back, when told that no more comes."""

    def __init__(self, echoes=False):
        self.data, self.ends, self.echoes, self.lost = b"", 0, echoes, None

    def dataReceived(self, data):
        self.data += data

    def readConnectionLost(self):
        self.ends += 1
        if self.echoes:
            self.transport.write(self.data[::-1])
            self.transport.loseConnection()

    def connectionLost(self, reason):
        self.lost = reason.value


class Servers(Factory):
    noisy = False

    def __init__(self, **options):
        self.options, self.made = options, []

    def buildProtocol(self, addr):
        self.made.append(Noting(**self.options))
        return self.made[-1]


def wait(reactor, outcome):
    run_until(reactor, lambda: outcome)
    return outcome[0]
