"""SOCKS 4 and 4a with Twisted's names: what Twisted's does, ours does. A driver stands in for the network."""

import socket
import struct
from types import SimpleNamespace

import pytest

from reactor.address import IPv4Address
from reactor.cred.credentials import IAnonymous, IUsernamePassword
from reactor.defer import fail, succeed
from reactor.error import ConnectionDone, DNSLookupError
from reactor.failure import Failure
from reactor.protocols import socks
from reactor.task import Clock
from reactor.testing import StringTransport
from tests.support import oracle


class Resolver(Clock):
    """A clock that knows addresses, in both ways to ask."""

    def __init__(self):
        super().__init__()
        self.names = {"example.org": "192.0.2.7"}

    def resolve(self, name):
        found = self.names.get(name.decode())
        return fail(DNSLookupError(name)) if found is None else succeed(found)

    @property
    def nameResolver(self):
        return SimpleNamespace(resolveHostName=self.resolve_host_name)

    def resolve_host_name(self, receiver, name, portNumber=0, addressTypes=None, transportSemantics="TCP"):
        receiver.resolutionBegan(None)
        if name in self.names:
            receiver.addressResolved(IPv4Address("TCP", self.names[name], portNumber))
        receiver.resolutionComplete()


def transport(peer="198.51.100.9"):
    return StringTransport(IPv4Address("TCP", "2.3.4.5", 42), IPv4Address("TCP", peer, 4711), lenient=True)


class Driver(socks.SOCKSv4):
    outgoing = listening = None

    def connectClass(self, host, port, klass, *args):
        self.outgoing = klass(*args)
        self.outgoing.makeConnection(StringTransport(None, IPv4Address("TCP", host, port), lenient=True))
        return succeed(self.outgoing)

    def listenClass(self, port, klass, *args):
        self.listening = klass(*args)
        return succeed(("203.0.113.5", 1234))


@pytest.fixture
def proxy():
    driver = Driver(None, Resolver())
    driver.makeConnection(transport())
    return driver


def request(command, host, port=34, user=b"me"):
    if host[:1].isdigit():
        return struct.pack("!BBH", 4, command, port) + socket.inet_aton(host) + user + b"\0"
    return struct.pack("!BBH", 4, command, port) + b"\0\0\0\1" + user + b"\0" + host.encode() + b"\0"


def reply(code, host="0.0.0.0", port=0):
    return struct.pack("!BBH", 0, code, port) + socket.inet_aton(host)


def said(proxy):
    data = proxy.transport.value()
    proxy.transport.clear()
    return data


WHERE = {"192.0.2.1": "192.0.2.1", "example.org": "192.0.2.7"}


@pytest.mark.parametrize("host", WHERE)
@pytest.mark.parametrize("size", [1, 100])
def test_a_client_is_connected_and_told_where(proxy, host, size):
    data = request(1, host)
    for place in range(0, len(data), size):
        proxy.dataReceived(data[place : place + size])
    assert said(proxy) == reply(90, WHERE[host], 34)
    proxy.dataReceived(b"hello")
    proxy.outgoing.dataReceived(b"welcome")
    assert (proxy.outgoing.transport.value(), said(proxy)) == (b"hello", b"welcome")
    assert not proxy.transport.disconnecting
    proxy.connectionLost(Failure(ConnectionDone()))
    assert proxy.outgoing.transport.disconnecting


def test_when_the_other_side_goes_the_client_is_closed(proxy):
    proxy.dataReceived(request(1, "192.0.2.1"))
    proxy.outgoing.connectionLost(Failure(ConnectionDone()))
    assert proxy.transport.disconnecting


@pytest.mark.parametrize("command", [1, 2])
def test_a_name_that_is_not_found_is_refused(proxy, command):
    proxy.dataReceived(request(command, "nowhere.example"))
    assert said(proxy) == reply(91)
    assert proxy.transport.disconnecting and proxy.outgoing is None


@pytest.mark.parametrize("command", [1, 2])
def test_authorize_decides(proxy, command):
    asked = []
    proxy.authorize = lambda *what: asked.append(what) and False
    proxy.dataReceived(request(command, "192.0.2.1"))
    assert said(proxy) == reply(91)
    assert asked == [(command, "192.0.2.1", 34, b"me")]
    assert proxy.transport.disconnecting and proxy.outgoing is None and proxy.listening is None


def test_BIND_answers_twice(proxy):
    proxy.dataReceived(request(2, "192.0.2.1"))
    assert said(proxy) == reply(90, "203.0.113.5", 1234)
    incoming = proxy.listening.buildProtocol(("192.0.2.1", 5345) if oracle.installed() else peer("192.0.2.1"))
    incoming.makeConnection(transport("192.0.2.1"))
    assert said(proxy) == reply(90)
    proxy.dataReceived(b"hello")
    incoming.dataReceived(b"welcome")
    assert (incoming.transport.value(), said(proxy)) == (b"hello", b"welcome")
    proxy.connectionLost(Failure(ConnectionDone()))
    assert incoming.transport.disconnecting


def peer(host):
    return IPv4Address("TCP", host, 5345)


def test_BIND_takes_only_the_announced_peer(proxy):
    proxy.dataReceived(request(2, "192.0.2.1"))
    said(proxy)
    assert proxy.listening.buildProtocol(("192.0.2.2", 5345)) is None
    assert said(proxy) == reply(91)
    assert proxy.transport.disconnecting


def test_BIND_takes_one_peer(proxy):
    proxy.dataReceived(request(2, "192.0.2.1"))
    first = proxy.listening.buildProtocol(("192.0.2.1", 5345))
    assert first is not None
    assert proxy.listening.buildProtocol(("192.0.2.1", 5346)) is None


own = pytest.mark.own_promise


@own("Twisted fails with an assertion, and the connection with it")
def test_what_a_client_sends_right_behind_its_request_is_the_first_that_the_other_side_gets(proxy):
    proxy.dataReceived(request(1, "192.0.2.1") + b"GET / HTTP/1.0\r\n\r\n")
    assert proxy.outgoing.transport.value() == b"GET / HTTP/1.0\r\n\r\n"


@own("Twisted connects anybody to the proxy's own machine")
@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.1.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"])
def test_this_machine_and_its_link_are_shut_by_default(proxy, host):
    proxy.dataReceived(request(1, host))
    assert said(proxy) == reply(91) and proxy.outgoing is None


@own("Twisted connects to whatever address a name leads to")
def test_a_name_that_leads_home_is_refused_after_it_was_looked_up(proxy):
    proxy.reactor.names["rebinding.example"] = "127.0.0.1"
    proxy.dataReceived(request(1, "rebinding.example"))
    assert said(proxy) == reply(91) and proxy.outgoing is None


@own("Twisted waits for the end of the name for ever, and keeps all that comes")
@pytest.mark.parametrize("data", [b"\4\1\0\x50\1\2\3\4" + b"x" * 300, b"\4\1\0\x50\0\0\0\1me\0" + b"x" * 300])
def test_a_name_without_an_end_closes(proxy, data):
    proxy.dataReceived(data)
    assert proxy.transport.disconnecting


@own("Twisted fails with an assertion or an exception")
@pytest.mark.parametrize("data", [b"\5\1\0", b"GET / HTTP/1.0\r\n\r\n", b"\4\7\0\x50\1\2\3\4me\0"])
def test_another_version_or_command_closes(proxy, data):
    proxy.dataReceived(data)
    assert proxy.transport.disconnecting


@own("Twisted waits for ever")
def test_a_request_has_30_seconds_to_come(proxy):
    proxy.dataReceived(b"\4\1")
    proxy.reactor.advance(29)
    assert not proxy.transport.disconnecting
    proxy.reactor.advance(2)
    assert proxy.transport.disconnecting


@own("Twisted logs every byte")
def test_a_file_gets_a_line_about_each_connection(tmp_path):
    driver = Driver(str(tmp_path / "log"), Resolver())
    driver.makeConnection(transport())
    driver.dataReceived(request(1, "example.org") + b"hello")
    driver.reactor.advance(2)
    driver.outgoing.dataReceived(b"you")
    driver.connectionLost(Failure(ConnectionDone()))
    assert (tmp_path / "log").read_text() == (
        "SOCKS 4 'me' from 198.51.100.9: CONNECT example.org:34, 5 bytes out, 3 in, 2.0 s, done\n"
    )


def test_a_factory_has_a_file():
    factory = socks.SOCKSv4Factory("a file")
    assert factory.buildProtocol(None).logging == "a file"


@own("Twisted takes as many as come")
@pytest.mark.parametrize("make", [lambda: socks.SOCKSv4Factory(None), lambda: socks.SOCKSFactory(reactor=Resolver())])
def test_more_clients_than_the_bound_are_turned_away_until_one_has_gone(make):
    factory = make()
    factory.maxConnections, factory.reactor = 2, Resolver()
    clients = [factory.buildProtocol(None) for _ in range(2)]
    for client in clients:
        client.makeConnection(transport())
    late = factory.buildProtocol(None)
    late.makeConnection(transport())
    assert late.transport.disconnecting and not late.transport.value()
    clients[0].connectionLost(Failure(ConnectionDone()))
    assert isinstance(factory.buildProtocol(None), socks.SOCKSProtocol)


@own("Twisted has no SOCKS 5")
def test_a_client_is_not_read_while_its_login_is_checked():
    from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
    from reactor.cred.portal import Portal
    from reactor.defer import Deferred

    checked = Deferred()
    checker = InMemoryUsernamePasswordDatabaseDontUse()
    checker.requestAvatarId = lambda given: checked
    factory = socks.SOCKSFactory(portal=Portal(socks.ProxyRealm(socks.Rules()), [checker]), reactor=Resolver())
    proxy = factory.buildProtocol(None)
    proxy.makeConnection(transport())
    proxy.dataReceived(b"\5\1\2" + b"\1\5alice\6secret")
    assert proxy.transport.producerState == "paused"
    checked.callback(b"alice")
    assert said(proxy) == b"\5\2\1\0"
    assert proxy.transport.producerState == "producing"


@own("Twisted connects to itself")
@pytest.mark.parametrize("here", ["203.0.113.5", "::ffff:203.0.113.5"])
def test_a_proxy_does_not_connect_to_itself_however_its_address_is_written(here):
    driver = Driver(None, Resolver())
    driver.makeConnection(StringTransport(IPv4Address("TCP", here, 1080), IPv4Address("TCP", "198.51.100.9", 1)))
    driver.dataReceived(request(1, "203.0.113.5", 1080))
    assert said(driver) == reply(91) and driver.outgoing is None


@own("Twisted has no logins")
@pytest.mark.parametrize("hello", [b"\5\1\2\1\5alice\6secret", b"\5\1\0", request(1, "192.0.2.1")])
def test_a_client_that_goes_while_its_login_is_checked_is_logged_out_and_nothing_is_said(hello):
    from reactor.cred.portal import Portal
    from reactor.defer import Deferred

    class Checker:
        credentialInterfaces = (IUsernamePassword, IAnonymous)
        checked = Deferred()

        def requestAvatarId(self, given):
            return self.checked

    class Realm:
        def requestAvatar(self, *given):
            return socks.IProxyUser, socks.Rules(), lambda: events.append("logged out")

    events = []
    proxy = socks.SOCKSFactory(portal=Portal(Realm(), [Checker()]), reactor=Resolver()).buildProtocol(None)
    proxy.makeConnection(transport())
    proxy.dataReceived(hello)
    proxy.connectionLost(Failure(ConnectionDone()))
    said(proxy)
    Checker.checked.callback(b"alice")
    assert (events, said(proxy)) == (["logged out"], b"")


@own("Twisted has no datagrams")
def test_an_association_whose_port_cannot_be_opened_is_refused_and_leaves_nothing():
    from reactor.error import CannotListenError

    def full(*args, **options):
        raise CannotListenError("127.0.0.1", 0, OSError("no descriptors"))

    factory = socks.SOCKSFactory(reactor=Resolver())
    factory.reactor.listenUDP = full
    proxy = factory.buildProtocol(None)
    proxy.makeConnection(transport())
    proxy.dataReceived(b"\5\1\0" + b"\5\3\0\1" + socket.inet_aton("192.0.2.1") + b"\0\0")
    assert said(proxy) == b"\5\0" + b"\5\1\0\1" + bytes(6)
    proxy.connectionLost(Failure(ConnectionDone()))
