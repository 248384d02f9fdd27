"""How many connections the servers of mail and news take, in the simulated world: in all, and from one address."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no simulated network", allow_module_level=True)

from reactor.cred.portal import Portal
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.mail.imap4 import IMAP4Factory
from reactor.mail.pop3 import POP3Factory
from reactor.mail.smtp import SMTPFactory
from reactor.names.server import DNSServerFactory
from reactor.news.database import NewsDatabase
from reactor.news.news import NNTPFactory
from reactor.protocol import Protocol
from reactor.protocols.finger import FingerFactory
from reactor.protocols.policies import LimitedFactory
from reactor.protocols.socks import SOCKSFactory
from reactor.sim import World

SERVERS = {  # what makes one, what it says at first, and what to those who are too many
    "SMTP": (lambda reactor: SMTPFactory(reactor=reactor), b"220 ", b"421 4.7.0 "),
    "POP3": (lambda reactor: POP3Factory(Portal(None), reactor=reactor), b"+OK ", b"-ERR [SYS/TEMP] "),
    "IMAP": (lambda reactor: IMAP4Factory(Portal(None), reactor=reactor), b"* OK ", b"* BYE "),
    "NNTP": (lambda reactor: NNTPFactory(NewsDatabase(), reactor=reactor), b"200 ", b"400 "),
}


class Client(Protocol):
    heard, is_over = b"", False

    def dataReceived(self, data):
        self.heard += data

    def connectionLost(self, reason=None):
        self.is_over = True


class House:
    """A server on a simulated host, with places for three, two of them for one address; and clients of some hosts."""

    def __init__(self, world, make):
        self.world, self.reactors = world, {}

        def serve(reactor):
            self.factory = make(reactor)
            self.factory.noisy = False
            self.factory.maxConnections, self.factory.maxConnectionsPerPeer = 3, 2
            reactor.listenTCP(25, self.factory)

        for name in ("server", "crowd", "other", "late"):
            world.host(name)
        world.start(serve, host="server")
        for name in ("crowd", "other", "late"):
            world.start(lambda reactor, name=name: self.reactors.__setitem__(name, reactor), host=name)

    def connect(self, host):
        client, reactor = Client(), self.reactors[host]
        reactor.callFromThread(connectProtocol, HostnameEndpoint(reactor, "server", 25), client)
        self.world.advance(1)
        return client


@pytest.mark.parametrize("name", SERVERS)
def test_who_is_too_many_hears_so_and_the_others_are_served(name):
    make, greeting, refusal = SERVERS[name]
    with World(seed=7) as world:
        house = House(world, make)
        ours = [house.connect("crowd") for _ in range(3)]
        other, late = house.connect("other"), house.connect("late")
        for client in (*ours[:2], other):
            assert client.heard.startswith(greeting) and not client.is_over
        for client in (ours[2], late):
            assert client.heard.startswith(refusal) and client.heard.count(b"\r\n") == 1 and client.is_over
        ours[0].transport.abortConnection()
        world.advance(1)
        assert house.connect("crowd").heard.startswith(greeting)


@pytest.mark.parametrize("kind", [SMTPFactory, POP3Factory, IMAP4Factory, NNTPFactory])
def test_every_server_of_mail_and_news_has_limits_unless_told_otherwise(kind):
    assert issubclass(kind, LimitedFactory) and (kind.maxConnections, kind.maxConnectionsPerPeer) == (1000, 50)


@pytest.mark.parametrize("kind, share", [(DNSServerFactory, 50), (SOCKSFactory, None), (FingerFactory, 50)])
def test_the_other_servers_have_limits_too(kind, share):
    assert issubclass(kind, LimitedFactory) and kind.maxConnections and kind.maxConnectionsPerPeer == share
