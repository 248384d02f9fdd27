"""SOCKS with programs that others wrote: their clients through our proxy, and our client through theirs."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no SOCKS 5, and no client", allow_module_level=True)

from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.endpoints import SOCKSClientEndpoint, TCP4ClientEndpoint
from reactor.endpoints.socks import SocksError, wire
from reactor.error import ConnectError
from reactor.protocol import Factory, Protocol
from reactor.protocols.socks import ProxyRealm, Rules, SOCKSFactory
from tests.peers.programs import run_program
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import outcomes

RULES = Rules(allow=["127.0.0.0/8"])
ANSWER = b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"
DANTE = """
    errorlog: stderr
    logoutput: /dev/null
    internal: 127.0.0.1 port = @PORT@
    external: 127.0.0.1
    clientmethod: none
    socksmethod: none
    user.unprivileged: nobody
    client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
    socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 command: bind connect udpassociate bindreply udpreply }
"""
CHAIN = "strict_chain\nproxy_dns\nlocalnet 0.0.0.0/32\n[ProxyList]\n{kind} 127.0.0.1 {port}{login}\n"


class Web(Protocol):
    """Answers one request."""

    def dataReceived(self, data):
        self.transport.write(ANSWER)
        self.transport.loseConnection()


@pytest.fixture
def port(one_reactor):
    """Listens; returns the number of the port. All is closed after the test."""
    ports = []

    def listen(factory):
        factory.noisy = False
        ports.append(one_reactor.listenTCP(0, factory, interface="127.0.0.1"))
        return ports[-1].getHost().port

    yield listen
    for one in ports:
        stop_listening(one_reactor, one)
    for transport in list(one_reactor.transports):
        transport.abortConnection()
    run_until(one_reactor, lambda: not one_reactor.transports)


@pytest.fixture
def web(port):
    return port(Factory.forProtocol(Web))


@pytest.fixture
def proxy(one_reactor, port):
    return port(SOCKSFactory(RULES, reactor=one_reactor))


@pytest.fixture
def guarded_proxy(one_reactor, port):
    checker = InMemoryUsernamePasswordDatabaseDontUse(alice=b"secret")
    return port(SOCKSFactory(portal=Portal(ProxyRealm(RULES), [checker]), reactor=one_reactor))


def curl(reactor, *options):
    return run_program(reactor, "curl", "-s", "--max-time", "20", *options)


@pytest.mark.peer("SOCKS", client="curl")
@pytest.mark.parametrize("kind", ["socks4", "socks4a", "socks5", "socks5-hostname"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_curl_goes_through_our_proxy(one_reactor, web, proxy, kind, host):
    options = ["-4", f"--{kind}", f"127.0.0.1:{proxy}"]
    assert curl(one_reactor, *options, f"http://{host}:{web}/").stdout == b"hello"


@pytest.mark.peer("SOCKS", client="curl")
def test_curl_logs_in_at_our_proxy(one_reactor, web, guarded_proxy):
    def get(user):
        return curl(one_reactor, "--socks5", f"{user}@127.0.0.1:{guarded_proxy}", f"http://127.0.0.1:{web}/")

    assert get("alice:secret").stdout == b"hello"
    assert get("alice:wrong").returncode == 97  # curl's code for a proxy that doesn't let it in
    assert curl(one_reactor, "--socks5", f"127.0.0.1:{guarded_proxy}", f"http://127.0.0.1:{web}/").returncode == 97


@pytest.mark.peer("SOCKS", client="curl")
def test_curl_is_told_what_the_rules_shut(one_reactor, web, port):
    shut = port(SOCKSFactory(Rules(), reactor=one_reactor))
    for kind in ("socks4", "socks5"):
        assert curl(one_reactor, f"--{kind}", f"127.0.0.1:{shut}", f"http://127.0.0.1:{web}/").returncode == 97


@pytest.mark.peer("SOCKS", client="nc")
@pytest.mark.parametrize("version", ["4", "5"])
def test_nc_goes_through_our_proxy(one_reactor, web, proxy, version):
    command = ["nc", "-X", version, "-x", f"127.0.0.1:{proxy}", "127.0.0.1", web]
    assert run_program(one_reactor, *command, input=b"GET /\r\n\r\n").stdout == ANSWER


@pytest.mark.peer("SOCKS", client="socat")
@pytest.mark.parametrize("kind", ["SOCKS4", "SOCKS4A"])
def test_socat_goes_through_our_proxy(one_reactor, web, proxy, kind):
    place = f"{kind}:127.0.0.1:127.0.0.1:{web},socksport={proxy},socksuser=me"
    assert run_program(one_reactor, "socat", "-t20", "-", place, input=b"GET /\r\n\r\n").stdout == ANSWER


@pytest.mark.peer("SOCKS", client="proxychains4")
@pytest.mark.parametrize("kind", ["socks4", "socks5", "socks5 alice"])
def test_proxychains_sends_others_through_our_proxy(one_reactor, web, proxy, guarded_proxy, tmp_path, kind):
    kind, _, user = kind.partition(" ")
    login = f" {user} secret" if user else ""
    config = CHAIN.format(kind=kind, port=guarded_proxy if user else proxy, login=login)
    (tmp_path / "chain.conf").write_text(config)
    command = ["proxychains4", "-q", "-f", tmp_path / "chain.conf", "curl", "-s", "--max-time", "20"]
    assert run_program(one_reactor, *command, f"http://127.0.0.1:{web}/").stdout == b"hello"


# --- our client


class Noting(Protocol):
    def __init__(self):
        self.data, self.lost = b"", None

    def connectionMade(self):
        self.transport.write(b"GET /\r\n\r\n")

    def dataReceived(self, data):
        self.data += data

    def connectionLost(self, reason):
        self.lost = reason


def fetched(reactor, proxy_port, host, port, **options):
    """What our client gets through a proxy: the answer, or the Failure."""
    factory = Factory.forProtocol(Noting)
    factory.noisy = False
    way = TCP4ClientEndpoint(reactor, "127.0.0.1", proxy_port)
    outcome = outcomes(SOCKSClientEndpoint(reactor, way, host, port, **options).connect(factory))
    run_until(reactor, lambda: outcome)
    if hasattr(outcome[0], "check"):
        return outcome[0]
    run_until(reactor, lambda: outcome[0].lost)
    return outcome[0].data


@pytest.mark.peer("SOCKS", server="microsocks")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_our_client_goes_through_microsocks(one_reactor, web, daemon, host):
    theirs = daemon("microsocks", "-i", "127.0.0.1", "-p", "@PORT@")
    assert fetched(one_reactor, theirs.port, host, web) == ANSWER


@pytest.mark.peer("SOCKS", server="microsocks")
def test_our_client_logs_in_at_microsocks(one_reactor, web, daemon):
    theirs = daemon("microsocks", "-i", "127.0.0.1", "-p", "@PORT@", "-u", "alice", "-P", "secret")
    alice = {"username": "alice", "password": "secret"}
    assert fetched(one_reactor, theirs.port, "127.0.0.1", web, **alice) == ANSWER
    assert fetched(one_reactor, theirs.port, "127.0.0.1", web, **(alice | {"password": "x"})).check(SocksError)
    assert fetched(one_reactor, theirs.port, "127.0.0.1", web).check(SocksError)


@pytest.fixture
def dante(daemon):
    return daemon("danted", "-f", "danted.conf", files={"danted.conf": DANTE})


@pytest.mark.peer("SOCKS", server="danted")
@pytest.mark.parametrize("version", [4, 5])
def test_our_client_goes_through_dante(one_reactor, web, dante, version):
    assert fetched(one_reactor, dante.port, "127.0.0.1", web, version=version) == ANSWER


@pytest.mark.peer("SOCKS", server="danted")
def test_dante_says_that_a_connection_is_refused(one_reactor, dante, port):
    closed = port(Factory.forProtocol(Web))
    one_reactor_ports = [item for item in one_reactor.getReaders() if getattr(item, "getHost", None)]
    for item in one_reactor_ports:
        stop_listening(one_reactor, item)
    failure = fetched(one_reactor, dante.port, "127.0.0.1", closed)
    assert "the proxy says: connection refused" in str(failure.trap(ConnectError) and failure.value)


@pytest.mark.peer("SOCKS", server="danted")
@pytest.mark.parametrize("version", [4, 5])
def test_dante_understands_our_requests_of_all_kinds(one_reactor, dante, version):
    """BIND and UDP ASSOCIATE have no client here; their bytes do, and dante takes them."""

    class Asking(Protocol):
        data = b""

        def connectionMade(self):
            self.transport.write(REQUESTS[version])

        def dataReceived(self, data):
            self.data += data

    factory = Factory.forProtocol(Asking)
    factory.noisy = False
    outcome = outcomes(TCP4ClientEndpoint(one_reactor, "127.0.0.1", dante.port).connect(factory))
    run_until(one_reactor, lambda: outcome)
    read = {4: wire.read_reply_4, 5: lambda data: wire.read_reply_5(data[2:])}[version]
    run_until(one_reactor, lambda: read(outcome[0].data))
    reply, _ = read(outcome[0].data)
    assert reply.code in (wire.SUCCEEDED, wire.GRANTED_4) and reply.port
    outcome[0].transport.loseConnection()
    run_until(one_reactor, lambda: not outcome[0].transport.connected)


REQUESTS = {
    4: wire.request_4(wire.Request(4, wire.BIND, "127.0.0.1", 20, b"me")),
    5: b"\5\1\0" + wire.request_5(wire.Request(5, wire.UDP_ASSOCIATE, "0.0.0.0", 0)),
}
