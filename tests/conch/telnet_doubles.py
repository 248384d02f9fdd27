"""What the tests of telnet share: a program that notes what it is told, and the bytes that it is told it by."""

from reactor.address import IPv4Address
from reactor.conch.telnet import TelnetProtocol, TelnetTransport
from reactor.testing import StringTransport


class Noting(TelnetProtocol):
    """Agrees to the options in `agrees`. heard: what it was told, with text that follows text joined."""

    def __init__(self, agrees=()):
        self.agrees, self.heard = agrees, []

    def dataReceived(self, data):
        if self.heard and isinstance(self.heard[-1], bytes):
            data = self.heard.pop() + data
        self.heard.append(data)

    def unhandledCommand(self, command, argument):
        self.heard.append(("command", command, argument))

    def unhandledSubnegotiation(self, command, data):
        self.heard.append(("about", command, b"".join(data)))

    def enableLocal(self, option):
        self.heard.append(("enableLocal", option))
        return option in self.agrees

    def enableRemote(self, option):
        self.heard.append(("enableRemote", option))
        return option in self.agrees

    def disableLocal(self, option):
        self.heard.append(("disableLocal", option))

    def disableRemote(self, option):
        self.heard.append(("disableRemote", option))

    def connectionLost(self, reason):
        self.heard.append(("lost", reason.type.__name__))


def here():
    """A transport whose peer is on this machine."""
    return StringTransport(peerAddress=IPv4Address("TCP", "127.0.0.1", 4))


def connected(program, transport=None):
    """A telnet connection with this program upon it."""
    telnet = TelnetTransport(lambda: program)
    telnet.makeConnection(transport or here())
    return telnet
