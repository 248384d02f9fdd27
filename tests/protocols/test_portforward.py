"""The forwarding proxy: bytes go through both ways, it never grows, and an end on one side ends the other."""

import pytest

from reactor.protocols.portforward import ProxyFactory, ProxyServer
from tests.support.loopback import Client, Server, run_until, stop_listening


class Forwarded:
    """A client, a proxy, and a server behind it."""

    def __init__(self, reactor, server=None, client=None):
        self.reactor = reactor
        self.server = Server("server", **(server or {}))
        self.client = Client("client", **(client or {}))
        self.sides = []  # the proxy's incoming sides
        self.target = reactor.listenTCP(0, self.server, interface="127.0.0.1")
        factory = ProxyFactory("127.0.0.1", self.target.getHost().port)
        factory.noisy = False
        factory.protocol = self.build_side
        self.port = reactor.listenTCP(0, factory, interface="127.0.0.1")

    def build_side(self):
        class Side(ProxyServer):
            reactor = self.reactor

            class clientProtocolFactory(ProxyServer.clientProtocolFactory):
                noisy = False

        self.sides.append(Side())
        return self.sides[-1]

    def connect(self):
        self.reactor.connectTCP("127.0.0.1", self.port.getHost().port, self.client)

    def establish(self):
        self.connect()
        self.run_until(lambda: self.sides and self.sides[0].peer is not None and self.server.talker is not None)
        self.run_until(lambda: self.client.talker is not None and self.client.talker.is_made)

    def run_until(self, condition):
        run_until(self.reactor, condition)

    def run_until_lost(self):
        self.run_until(lambda: self.client.talker and self.client.talker.reason)
        self.run_until(lambda: not self.server.talkers or self.server.talker.reason)

    def close(self):
        stop_listening(self.reactor, self.port)
        stop_listening(self.reactor, self.target)


@pytest.fixture
def forwarded(reactor):
    made = []

    def make(**hooks):
        made.append(Forwarded(reactor, **hooks))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_bytes_go_through_both_ways(forwarded):
    proxy = forwarded(
        server={"data": lambda talker, data: talker.transport.write(data.upper())},
        client={"made": lambda talker: talker.transport.write(b"hello")},
    )
    proxy.connect()
    proxy.run_until(lambda: proxy.client.talker and proxy.client.talker.received == b"HELLO")
    proxy.client.talker.transport.loseConnection()
    proxy.run_until_lost()


def test_what_the_server_says_first_arrives(forwarded):
    proxy = forwarded(server={"made": lambda talker: talker.transport.write(b"welcome")})
    proxy.connect()
    proxy.run_until(lambda: proxy.client.talker and proxy.client.talker.received == b"welcome")
    proxy.client.talker.transport.loseConnection()
    proxy.run_until_lost()


MEGABYTES = bytes(range(256)) * 4096 * 8


@pytest.mark.parametrize("side", ["server", "client"])
def test_all_that_was_sent_before_the_end_arrives(forwarded, side):
    def send(talker):
        talker.transport.write(MEGABYTES)
        talker.transport.loseConnection()

    proxy = forwarded(**{side: {"made": send}})
    proxy.connect()
    proxy.run_until_lost()
    receiver = proxy.client if side == "server" else proxy.server
    assert bytes(receiver.talker.received) == MEGABYTES


@pytest.mark.own_promise("pending_bytes is ours; Twisted keeps the same bound")
@pytest.mark.parametrize("side", ["server", "client"])
def test_a_side_that_reads_nothing_makes_the_other_wait_and_the_proxy_does_not_grow(forwarded, side):
    proxy = forwarded()
    proxy.establish()
    slow, fast = (proxy.server, proxy.client) if side == "server" else (proxy.client, proxy.server)
    slow.talker.transport.pauseProducing()
    fast.talker.transport.write(MEGABYTES * 3)
    incoming = proxy.sides[0]
    inner = [incoming.transport, incoming.peer.transport]
    most = 0
    unchanged = 0
    while unchanged < 50:  # until everything has come to a stop
        before = fast.talker.transport.pending_bytes
        proxy.reactor.iterate(0)
        unchanged = unchanged + 1 if before == fast.talker.transport.pending_bytes else 0
        most = max(most, *(transport.pending_bytes for transport in inner))
    assert 0 < most <= 2 * 64 * 1024
    assert fast.talker.transport.pending_bytes > 0, "the sender was not held back"
    slow.talker.transport.resumeProducing()
    proxy.run_until(lambda: len(slow.talker.received) == 3 * len(MEGABYTES))
    proxy.client.talker.transport.loseConnection()
    proxy.run_until_lost()


@pytest.mark.parametrize("side", ["server", "client"])
def test_a_side_that_breaks_ends_the_other_even_with_bytes_under_way(forwarded, side):
    """The broken side may be the producer that was paused: nobody must wait for it."""
    proxy = forwarded()
    proxy.establish()
    broken, other = (proxy.server, proxy.client) if side == "server" else (proxy.client, proxy.server)
    other.talker.transport.pauseProducing()
    broken.talker.transport.write(MEGABYTES)
    for _ in range(50):
        proxy.reactor.iterate(0)
    broken.talker.transport.abortConnection()
    for _ in range(20):
        proxy.reactor.iterate(0)
    other.talker.transport.write(b"x")
    other.talker.transport.resumeProducing()
    proxy.run_until_lost()


def test_a_server_that_is_not_there_costs_the_client_its_connection(reactor, forwarded):
    proxy = forwarded()
    stop_listening(reactor, proxy.target)
    proxy.connect()
    proxy.run_until(lambda: proxy.client.talker and proxy.client.talker.reason)


def test_a_client_that_leaves_before_the_server_is_reached_leaves_nothing_open(forwarded):
    proxy = forwarded(client={"made": lambda talker: talker.transport.abortConnection()})
    proxy.connect()
    proxy.run_until_lost()
    proxy.run_until(lambda: not proxy.sides or proxy.sides[0].peer is None)
