"""Endpoints against a reactor that only remembers: what they ask for, and what becomes of each attempt."""

import pytest

from reactor import endpoints, error
from reactor.address import IPv4Address, UNIXAddress
from reactor.defer import CancelledError
from reactor.failure import Failure
from reactor.protocol import Factory, Protocol
from reactor.testing import MemoryReactorClock, StringTransport


class Noting(Protocol):
    def __init__(self):
        self.events = []

    def connectionMade(self):
        self.events.append("made")

    def dataReceived(self, data):
        self.events.append(data)

    def connectionLost(self, reason):
        self.events.append(reason.type.__name__)


@pytest.fixture
def memory():
    return MemoryReactorClock()


def results_of(deferred):
    results = []
    deferred.addBoth(results.append)
    return results


CLIENTS = {
    "tcp": lambda memory: endpoints.TCP4ClientEndpoint(memory, "127.0.0.1", 80, timeout=5, bindAddress=("10.0.0.1", 0)),
    "tcp6": lambda memory: endpoints.TCP6ClientEndpoint(memory, "::1", 80, timeout=5),
    "unix": lambda memory: endpoints.UNIXClientEndpoint(memory, "/s", timeout=5, checkPID=True),
    "ssl": lambda memory: endpoints.SSL4ClientEndpoint(memory, "127.0.0.1", 443, "context", timeout=5),
    "name": lambda memory: endpoints.HostnameEndpoint(memory, "example.com", 80, timeout=5),
}


def asked(memory):
    """What the reactor was asked for, without the factories."""
    calls = [*memory.tcpClients, *memory.unixClients, *memory.sslClients]
    return [[argument for argument in call if not hasattr(argument, "buildProtocol")] for call in calls]


def factory_of(memory):
    (call,) = [*memory.tcpClients, *memory.unixClients, *memory.sslClients]
    return next(argument for argument in call if hasattr(argument, "buildProtocol"))


def begin(memory, kind, factory=None):
    """Begin to connect. Returns what the Deferred comes to, and the factory that the reactor got."""
    results = results_of(CLIENTS[kind](memory).connect(factory or Factory.forProtocol(Noting)))
    return results, factory_of(memory)


every_client = pytest.mark.parametrize("kind", CLIENTS)


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        ("tcp", ["127.0.0.1", 80, 5, ("10.0.0.1", 0)]),
        ("tcp6", ["::1", 80, 5, None]),
        ("unix", ["/s", 5, True]),
        ("ssl", ["127.0.0.1", 443, "context", 5, None]),
        ("name", ["127.0.0.1", 80, 5, None]),
    ],
)
def test_a_client_asks_for_what_it_was_told(memory, kind, call):
    begin(memory, kind)
    assert asked(memory) == [call]


@every_client
def test_the_result_is_the_protocol_once_it_is_connected(memory, kind):
    results, factory = begin(memory, kind)
    standing_in = factory.buildProtocol(IPv4Address("TCP", "127.0.0.1", 80))
    assert results == []
    standing_in.makeConnection(StringTransport())
    (protocol,) = results
    assert isinstance(protocol, Noting) and protocol.events == ["made"]
    assert isinstance(protocol.transport, StringTransport)
    standing_in.dataReceived(b"data")
    standing_in.connectionLost(Failure(error.ConnectionDone()))
    assert protocol.events == ["made", b"data", "ConnectionDone"]


@every_client
def test_an_attempt_that_fails_fails_the_deferred(memory, kind):
    results, factory = begin(memory, kind)
    reason = Failure(error.ConnectionRefusedError())
    factory.clientConnectionFailed(memory.connectors[0], reason)
    memory.advance(1)  # Twisted's race looks for more addresses first
    assert [failure.type for failure in results] == [error.ConnectionRefusedError]


@every_client
def test_a_factory_that_builds_nothing_fails_the_deferred(memory, kind):
    class Nothing(Factory):
        def buildProtocol(self, addr):
            return None

    results, factory = begin(memory, kind, Nothing())
    assert factory.buildProtocol(None) is None
    memory.advance(1)
    assert [failure.type for failure in results] == [error.NoProtocol]


@every_client
def test_a_factory_that_raises_fails_the_deferred(memory, kind):
    class Raising(Factory):
        def buildProtocol(self, addr):
            raise ValueError("no protocol today")

    results, factory = begin(memory, kind, Raising())
    assert factory.buildProtocol(None) is None
    memory.advance(1)
    assert [failure.type for failure in results] == [ValueError]
    factory.clientConnectionFailed(memory.connectors[0], Failure(error.UserError()))  # the reactor may say so as well
    assert len(results) == 1


@every_client
def test_cancelling_stops_the_attempt(memory, kind):
    connecting = CLIENTS[kind](memory).connect(Factory.forProtocol(Noting))
    results = results_of(connecting)
    connecting.cancel()
    assert memory.connectors[0].stoppedConnecting
    assert [failure.type for failure in results] == [error.ConnectingCancelledError]
    factory_of(memory).clientConnectionFailed(memory.connectors[0], Failure(error.UserError()))
    assert len(results) == 1 and memory.getDelayedCalls() == []


@every_client
def test_the_users_factory_is_started_and_stopped_with_the_attempt(memory, kind):
    events = []

    class Starting(Factory):
        noisy = False

        def startFactory(self):
            events.append("start")

        def stopFactory(self):
            events.append("stop")

    _, factory = begin(memory, kind, Starting())
    factory.doStart()
    factory.doStop()
    assert events == ["start", "stop"]


@every_client
def test_each_connect_is_an_attempt_of_its_own(memory, kind):
    endpoint = CLIENTS[kind](memory)
    first = results_of(endpoint.connect(Factory.forProtocol(Noting)))
    endpoint.connect(Factory.forProtocol(Noting))
    assert len(asked(memory)) == 2
    calls = [*memory.tcpClients, *memory.unixClients, *memory.sslClients]
    factory = next(argument for argument in calls[1] if hasattr(argument, "buildProtocol"))
    factory.buildProtocol(None).makeConnection(StringTransport())
    assert first == []


def test_connectProtocol_connects_that_very_one(memory):
    protocol = Noting()
    results = results_of(endpoints.connectProtocol(CLIENTS["tcp"](memory), protocol))
    factory_of(memory).buildProtocol(None).makeConnection(StringTransport())
    assert results == [protocol] and protocol.events == ["made"]


def test_what_the_reactor_raises_arrives_in_the_deferred():
    class Refusing:
        def connectTCP(self, *args, **options):
            raise TypeError("no such port")

        listenTCP = connectTCP

    client = endpoints.TCP4ClientEndpoint(Refusing(), "127.0.0.1", "eighty").connect(Factory())
    server = endpoints.TCP4ServerEndpoint(Refusing(), "eighty").listen(Factory())
    assert [results_of(one)[0].type for one in (client, server)] == [TypeError, TypeError]


@pytest.mark.parametrize(
    ("make", "recorded", "call"),
    [
        (lambda r: endpoints.TCP4ServerEndpoint(r, 80, 10, "127.0.0.1"), "tcpServers", (80, 10, "127.0.0.1")),
        (lambda r: endpoints.TCP4ServerEndpoint(r, 80), "tcpServers", (80, 50, "")),
        (lambda r: endpoints.TCP6ServerEndpoint(r, 80), "tcpServers", (80, 50, "::")),
        (lambda r: endpoints.SSL4ServerEndpoint(r, 443, "context"), "sslServers", (443, "context", 50, "")),
        (lambda r: endpoints.UNIXServerEndpoint(r, "/s", mode=0o600), "unixServers", ("/s", 50, 0o600, 0)),
    ],
)
def test_a_server_asks_for_what_it_was_told_and_its_port_is_the_result(memory, make, recorded, call):
    factory = Factory()
    (port,) = results_of(make(memory).listen(factory))
    (asked_for,) = getattr(memory, recorded)
    assert factory in asked_for and tuple(one for one in asked_for if one is not factory) == call
    assert port.getHost() in (IPv4Address("TCP", "0.0.0.0", 80), UNIXAddress("/s")) or port.getHost().port in (80, 443)


def test_cancelling_while_the_name_is_looked_up_tells_so(memory):
    class Slow:
        cancelled = False

        def resolveHostName(self, receiver, name, **options):
            receiver.resolutionBegan(self)
            self.receiver = receiver
            return self

        def cancel(self):
            self.cancelled = True

    memory.nameResolver = slow = Slow()
    connecting = CLIENTS["name"](memory).connect(Factory())
    results = results_of(connecting)
    connecting.cancel()
    slow.receiver.resolutionComplete()
    assert len(results) == 1 and memory.tcpClients == []
    assert results[0].check(CancelledError, error.ConnectingCancelledError, error.DNSLookupError)
