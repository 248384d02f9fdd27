"""What a SOCKS proxy does besides CONNECT, for clients that speak by hand: BIND, datagrams, what comes early."""

import pytest

from tests.support import oracle, simulated

if oracle.installed():
    pytest.skip("Twisted has no SOCKS 5", allow_module_level=True)

from reactor.endpoints import TCP4ClientEndpoint
from reactor.endpoints.socks import wire
from reactor.error import ConnectionRefusedError
from reactor.protocol import DatagramProtocol, Factory, Protocol
from reactor.protocols.socks import Rules, SOCKSFactory
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import outcomes
from tests.support.socks_doubles import HERE, Servers, wait

pytestmark = pytest.mark.parametrize("make_reactor", ["select", simulated.NAME], indirect=True)


class Raw(Protocol):
    """A client that speaks SOCKS by hand."""

    def __init__(self):
        self.data, self.lost = b"", None

    def dataReceived(self, data):
        self.data += data

    def connectionLost(self, reason):
        self.lost = reason.value


@pytest.fixture
def raw(reactor, disconnects):
    made = []

    def connect(port):
        made.append(Raw())
        factory = Factory()
        factory.noisy = False
        factory.buildProtocol = lambda addr: made[-1]
        wait(reactor, outcomes(TCP4ClientEndpoint(reactor, "127.0.0.1", port).connect(factory)))
        return made[-1]

    yield connect
    for client in made:
        client.transport.abortConnection()
    run_until(reactor, lambda: all(client.lost for client in made))


def ask_5(reactor, client, command, host, port):
    """Greet and ask. Returns the proxy's Reply."""
    client.transport.write(b"\5\1\0" + wire.request_5(wire.Request(5, command, host, port)))
    run_until(reactor, lambda: wire.read_reply_5(client.data[2:]) or client.lost)
    return next_reply(client, 2)


def next_reply(client, skip=0):
    reply, used = wire.read_reply_5(client.data[skip:])
    client.data = client.data[skip + used :]
    return reply


def test_a_client_that_sends_early_is_heard_first(reactor, listen, proxy, raw):
    server = Servers()
    port = listen(server).getHost().port
    client = raw(proxy())
    client.transport.write(b"\5\1\0" + wire.request_5(wire.Request(5, 1, "127.0.0.1", port)) + b"early")
    run_until(reactor, lambda: server.made and server.made[0].data == b"early")


def test_BIND_answers_twice_and_joins_the_announced_peer(reactor, proxy, raw):
    client = raw(proxy())
    first = ask_5(reactor, client, wire.BIND, "127.0.0.1", 20)
    assert (first.code, first.host) == (0, "127.0.0.1")
    peer = raw(first.port)
    run_until(reactor, lambda: len(client.data) >= 10)
    second = next_reply(client)
    assert (second.code, second.host, second.port) == (0, "127.0.0.1", peer.transport.getHost().port)
    peer.transport.write(b"file")
    run_until(reactor, lambda: client.data == b"file")
    client.transport.loseConnection()
    run_until(reactor, lambda: peer.lost)


def test_BIND_ends_when_the_client_goes(reactor, proxy, raw, accounts):
    client = raw(proxy())
    port = ask_5(reactor, client, wire.BIND, "127.0.0.1", 20).port
    client.transport.loseConnection()
    run_until(reactor, lambda: accounts)
    refused = outcomes(TCP4ClientEndpoint(reactor, "127.0.0.1", port).connect(Servers()))
    assert wait(reactor, refused).check(ConnectionRefusedError)


def test_BIND_waits_only_so_long(reactor, listen, raw):
    factory = SOCKSFactory(Rules(allow=HERE), reactor=reactor)
    factory.noisy = False
    factory.protocol = type("Hasty", (factory.protocol,), {"bindTimeout": 0.01})
    client = raw(listen(factory).getHost().port)
    assert ask_5(reactor, client, wire.BIND, "127.0.0.1", 20).code == 0
    run_until(reactor, lambda: client.lost)
    assert next_reply(client).code == wire.FAILED


@pytest.mark.parametrize("command, code", [(7, wire.NO_COMMAND), (0, wire.NO_COMMAND)])
def test_an_unknown_command_is_refused(reactor, proxy, raw, command, code):
    assert ask_5(reactor, raw(proxy()), command, "127.0.0.1", 80).code == code


class Datagrams(DatagramProtocol):
    def __init__(self, echoes=False):
        self.got, self.echoes = [], echoes

    def datagramReceived(self, datagram, addr):
        self.got.append((datagram, addr[:2]))
        if self.echoes:
            self.transport.write(datagram[::-1], addr)


@pytest.fixture
def udp(reactor):
    ports = []

    def make(**options):
        protocol = Datagrams(**options)
        ports.append(reactor.listenUDP(0, protocol, interface="127.0.0.1"))
        return protocol, ports[-1].getHost().port

    yield make
    for port in ports:
        stop_listening(reactor, port)


def test_datagrams_go_there_and_answers_come_back(reactor, proxy, raw, udp, accounts):
    _, server = udp(echoes=True)
    me, my_port = udp()
    client = raw(proxy())
    where = ask_5(reactor, client, wire.UDP_ASSOCIATE, "0.0.0.0", my_port)
    for host in ("127.0.0.1", "localhost"):
        me.got.clear()
        me.transport.write(wire.datagram(host, server, b"abc"), (where.host, where.port))
        run_until(reactor, lambda: me.got)
        assert me.got == [(wire.datagram("127.0.0.1", server, b"cba"), (where.host, where.port))]
    client.transport.loseConnection()
    run_until(reactor, lambda: accounts)
    assert "UDP ASSOCIATE 0.0.0.0" in accounts[0] and "6 bytes out, 6 in" in accounts[0]


def test_datagrams_that_are_not_the_clients_or_not_whole_or_not_allowed_are_dropped(reactor, proxy, raw, udp):
    server, server_port = udp(echoes=True)
    me, my_port = udp()
    stranger, _ = udp()
    client = raw(proxy(rules=Rules(allow=["127.0.0.1"])))
    where = ask_5(reactor, client, wire.UDP_ASSOCIATE, "0.0.0.0", my_port)
    to = (where.host, where.port)
    stranger.transport.write(wire.datagram("127.0.0.1", server_port, b"stranger"), to)
    fragment = wire.datagram("127.0.0.1", server_port, b"fragment")
    me.transport.write(fragment[:2] + b"\1" + fragment[3:], to)
    me.transport.write(b"\0\0\0\1\1", to)
    me.transport.write(b"", to)
    me.transport.write(wire.datagram("127.0.0.2", server_port, b"shut"), to)
    me.transport.write(wire.datagram("127.0.0.1", 0, b"no port"), to)
    me.transport.write(wire.datagram("127.0.0.1", server_port, b"last"), to)
    run_until(reactor, lambda: me.got)
    assert [datagram for datagram, _ in server.got] == [b"last"]
    assert len(me.got) == 1 and stranger.got == []


def test_answers_come_only_from_those_that_were_written_to(reactor, proxy, raw, udp):
    server, server_port = udp()
    stranger, _ = udp()
    me, my_port = udp()
    client = raw(proxy())
    where = ask_5(reactor, client, wire.UDP_ASSOCIATE, "0.0.0.0", my_port)
    me.transport.write(wire.datagram("127.0.0.1", server_port, b"hello"), (where.host, where.port))
    run_until(reactor, lambda: server.got)
    _, proxys = server.got[0]
    stranger.transport.write(b"forged", proxys)
    server.transport.write(b"real", proxys)
    run_until(reactor, lambda: me.got)
    assert [wire.read_datagram(datagram)[3] for datagram, _ in me.got] == [b"real"]
