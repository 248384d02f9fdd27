"""A proxy and its clients, on loops: our client endpoint, our proxy, and servers behind it."""

import pytest

from tests.support import oracle, simulated

if oracle.installed():
    pytest.skip("Twisted has no SOCKS 5, and no client", allow_module_level=True)

from reactor.cred.checkers import AllowAnonymousAccess, InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.defer import CancelledError
from reactor.endpoints import SOCKSClientEndpoint, TCP4ClientEndpoint, clientFromString
from reactor.endpoints.socks import SocksError
from reactor.error import ConnectError, ConnectingCancelledError, ConnectionRefusedError, TimeoutError
from reactor.protocol import Factory, Protocol
from reactor.protocols.socks import ProxyRealm, Rules
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import outcomes
from tests.support.socks_doubles import HERE, Noting, Servers, wait

# What is tried here is above all loops: a real one and the simulated one will do.
pytestmark = pytest.mark.parametrize("make_reactor", ["select", simulated.NAME], indirect=True)


@pytest.fixture
def through(reactor, disconnects):
    """Connects a client through a proxy. Returns the list for its outcome."""

    def connect(proxy_port, host, port, **options):
        factory = Factory()
        factory.noisy = False
        factory.buildProtocol = lambda addr: Noting()
        way = TCP4ClientEndpoint(reactor, "127.0.0.1", proxy_port)
        return outcomes(SOCKSClientEndpoint(reactor, way, host, port, **options).connect(factory))

    return connect


def logged_in(*checkers):
    return Portal(ProxyRealm(Rules(allow=HERE)), checkers or [InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")])


@pytest.mark.parametrize("version", [4, "4a", 5])
def test_bytes_pass_both_ways_and_so_do_ends(reactor, listen, proxy, through, accounts, version):
    server = listen(Servers(echoes=True)).getHost().port
    client = wait(reactor, through(proxy(), "127.0.0.1" if version == 4 else "localhost", server, version=version))
    client.transport.write(b"x" * 300_000 + b"y")
    client.transport.loseWriteConnection()
    run_until(reactor, lambda: client.lost)
    assert client.data == b"y" + b"x" * 300_000
    run_until(reactor, lambda: accounts)
    assert f"SOCKS {str(version)[0]} from 127.0.0.1: CONNECT " in accounts[0]
    assert "300001 bytes out, 300001 in" in accounts[0]


def test_a_string_names_a_host_behind_a_proxy(reactor, listen, proxy):
    server = listen(Servers(echoes=True)).getHost().port
    endpoint = clientFromString(reactor, f"socks:127.0.0.1:{proxy()}:127.0.0.1:{server}:version=4")
    client = wait(reactor, outcomes(endpoint.connect(Servers())))
    client.transport.write(b"ab")
    client.transport.loseWriteConnection()
    run_until(reactor, lambda: client.lost)
    assert client.data == b"ba"


def test_a_string_with_a_wrong_version_or_a_name_that_is_too_long_says_so(reactor):
    with pytest.raises(ValueError, match="version is 4, 4a or 5, not '6'"):
        clientFromString(reactor, "socks:p:1080:h:80:version=6")
    with pytest.raises(SocksError, match="1 to 255 bytes"):
        SOCKSClientEndpoint(reactor, None, "n" * 256, 80)


@pytest.mark.parametrize(
    "options, says",
    [
        ({"version": 6}, "the versions of SOCKS are 4, 4a and 5, not 6"),
        ({"version": 4, "host": "a.example"}, "SOCKS 4 takes no names such as 'a.example': use 4a or 5"),
        ({"password": "x"}, "a password needs a name"),
        ({"version": "4a", "host": "::1"}, "SOCKS 4 has no IPv6"),
    ],
)
def test_what_a_version_cannot_do_is_an_error_at_once(reactor, options, says):
    with pytest.raises(SocksError, match=says):
        SOCKSClientEndpoint(reactor, None, **{"host": "192.0.2.1", "port": 80, **options})


def test_a_name_and_a_password_let_somebody_in(reactor, listen, proxy, through, accounts):
    server = listen(Servers(echoes=True)).getHost().port
    port = proxy(portal=logged_in())
    client = wait(reactor, through(port, "127.0.0.1", server, username="alice", password="secret"))
    client.transport.loseConnection()
    run_until(reactor, lambda: accounts)
    assert accounts[0].startswith("SOCKS 5 'alice' from 127.0.0.1: CONNECT 127.0.0.1:")


@pytest.mark.parametrize(
    "options, says",
    [
        ({"username": "alice", "password": "wrong"}, "the proxy doesn't take this name and password"),
        ({"username": "bob", "password": "secret"}, "the proxy doesn't take this name and password"),
        ({}, "the proxy doesn't take this way to log in .it chose 255.: give a name and a password"),
    ],
)
def test_others_stay_outside(reactor, listen, proxy, through, options, says):
    server = Servers()
    port = listen(server).getHost().port
    failure = wait(reactor, through(proxy(portal=logged_in()), "127.0.0.1", port, **options))
    failure.trap(SocksError)
    assert failure.value.args[0] in says.replace(".it", "(it").replace("255.", "255)")
    assert server.made == []


def test_a_password_is_not_sent_to_a_proxy_that_wants_none(reactor, listen, proxy, through):
    port = listen(Servers()).getHost().port
    failure = wait(reactor, through(proxy(), "127.0.0.1", port, username="alice", password="secret"))
    assert "it wants none of a name and password" in str(failure.trap(SocksError) and failure.value)


@pytest.mark.parametrize("anonymous", [False, True])
@pytest.mark.parametrize("version", [4, 5])
def test_whoever_has_no_name_needs_a_portal_that_takes_them(reactor, listen, proxy, through, version, anonymous):
    port = listen(Servers(echoes=True)).getHost().port
    portal = logged_in(*([AllowAnonymousAccess()] if anonymous else []))
    outcome = through(proxy(portal=portal), "127.0.0.1", port, version=version)
    if anonymous:
        wait(reactor, outcome).transport.loseConnection()
    else:
        assert wait(reactor, outcome).check(SocksError, ConnectError)


@pytest.mark.parametrize("version", [4, 5])
def test_a_refused_connection_is_told(reactor, proxy, through, listen, version):
    port = listen(Servers())
    number = port.getHost().port
    stop_listening(reactor, port)
    failure = wait(reactor, through(proxy(), "127.0.0.1", number, version=version))
    failure.trap(ConnectionRefusedError if version == 5 else ConnectError)
    assert "the proxy says: " in str(failure.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_what_the_rules_shut_is_told(reactor, listen, proxy, through, accounts, host):
    server = Servers()
    port = listen(server).getHost().port
    failure = wait(reactor, through(proxy(rules=Rules()), host, port))
    assert "not allowed by the proxy's rules" in str(failure.trap(ConnectError) and failure.value)
    run_until(reactor, lambda: accounts)
    assert accounts[0].endswith("the rules don't allow it") and server.made == []


def test_a_proxy_does_not_connect_to_itself(reactor, proxy, through):
    port = proxy()
    assert "not allowed" in str(wait(reactor, through(port, "127.0.0.1", port)).value)


def test_a_name_that_is_not_found_is_told(reactor, proxy, through):
    failure = wait(reactor, through(proxy(), "nowhere.invalid", 80))
    assert "host unreachable" in str(failure.trap(ConnectError) and failure.value)


def test_what_a_protocol_raises_when_it_is_connected_closes_the_connection(reactor, listen, proxy, logged_errors):
    class Failing(Noting):
        def connectionMade(self):
            raise ZeroDivisionError

    server = Servers()
    way = TCP4ClientEndpoint(reactor, "127.0.0.1", proxy())
    SOCKSClientEndpoint(reactor, way, "127.0.0.1", listen(server).getHost().port).connect(Factory.forProtocol(Failing))
    run_until(reactor, lambda: server.made and server.made[0].ends)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_what_is_no_proxy_is_found_out(reactor, listen, through):
    class Web(Protocol):
        def connectionMade(self):
            self.transport.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    port = listen(Factory.forProtocol(Web)).getHost().port
    for version in (4, 5):
        assert wait(reactor, through(port, "127.0.0.1", 80, version=version)).check(SocksError)


def test_a_proxy_that_says_nothing_times_out(reactor, listen, through):
    failure = wait(reactor, through(listen(Servers()).getHost().port, "127.0.0.1", 80, timeout=0.05))
    assert "the proxy didn't answer in 0.05 s" in str(failure.trap(TimeoutError) and failure.value)


def test_a_proxy_that_closes_is_told(reactor, listen, through):
    class Closing(Protocol):
        def connectionMade(self):
            self.transport.loseConnection()

    failure = wait(reactor, through(listen(Factory.forProtocol(Closing)).getHost().port, "127.0.0.1", 80))
    assert "the proxy closed the connection" in str(failure.trap(ConnectError) and failure.value)


def test_no_proxy_at_all_is_the_error_of_connecting_to_it(reactor, listen, through):
    port = listen(Servers())
    number = port.getHost().port
    stop_listening(reactor, port)
    wait(reactor, through(number, "127.0.0.1", 80)).trap(ConnectionRefusedError)


def test_a_client_that_cancels_leaves_nothing(reactor, listen):
    server = Servers()
    way = TCP4ClientEndpoint(reactor, "127.0.0.1", listen(server).getHost().port)
    connecting = SOCKSClientEndpoint(reactor, way, "127.0.0.1", 80).connect(Servers())
    outcome = outcomes(connecting)
    run_until(reactor, lambda: server.made and server.made[0].data)
    connecting.cancel()
    run_until(reactor, lambda: server.made[0].lost)
    assert outcome[0].check(Exception)


def test_a_client_that_cancels_before_the_proxy_is_there_leaves_nothing(reactor, listen):
    way = TCP4ClientEndpoint(reactor, "127.0.0.1", listen(Servers()).getHost().port)
    connecting = SOCKSClientEndpoint(reactor, way, "127.0.0.1", 80).connect(Servers())
    outcome = outcomes(connecting)
    connecting.cancel()
    assert outcome[0].check(ConnectingCancelledError, CancelledError)
