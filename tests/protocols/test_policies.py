"""ProtocolWrapper, WrappingFactory, and the limits on the number of connections."""

import pytest

from reactor.address import IPv4Address
from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.protocol import ClientFactory, Protocol, ServerFactory
from reactor.protocols.policies import (
    LimitConnectionsByPeer,
    LimitTotalConnectionsFactory,
    ProtocolWrapper,
    WrappingFactory,
)
from reactor.testing import StringTransport

DONE = Failure(ConnectionDone())


class Noting(Protocol):
    def __init__(self):
        self.events = []

    def connectionMade(self):
        self.events.append("made")

    def dataReceived(self, data):
        self.events.append(data)

    def connectionLost(self, reason):
        self.events.append(reason.type.__name__)


class Server(ServerFactory):
    noisy = False
    protocol = Noting


def addr(host="10.0.0.9", port=1234):
    return IPv4Address("TCP", host, port)


def wrapped(factory=None):
    """A wrapper that is connected to a StringTransport."""
    wrapper = (factory or WrappingFactory(Server())).buildProtocol(addr())
    wrapper.makeConnection(StringTransport())
    return wrapper


def test_the_protocol_hears_what_the_transport_says():
    wrapper = wrapped()
    inner = wrapper.wrappedProtocol
    wrapper.dataReceived(b"data")
    wrapper.connectionLost(DONE)
    assert inner.events == ["made", b"data", "ConnectionDone"]
    assert wrapper.wrappedProtocol is None


def test_the_transport_hears_what_the_protocol_says():
    wrapper = wrapped()
    transport, real = wrapper.wrappedProtocol.transport, wrapper.transport
    assert transport is wrapper
    transport.write(b"a")
    transport.writeSequence([b"b", b"c"])
    assert real.value() == b"abc"
    assert (transport.getPeer(), transport.getHost()) == (real.getPeer(), real.getHost())
    producer = object()
    transport.registerProducer(producer, True)
    assert real.producer is producer
    transport.unregisterProducer()
    assert real.producer is None
    transport.pauseProducing()  # and whatever else it has
    assert real.producerState == "paused"
    assert not transport.disconnecting
    transport.loseConnection()
    assert transport.disconnecting and real.disconnecting


def test_what_the_transport_has_not_the_wrapper_has_not():
    with pytest.raises(AttributeError):
        wrapped().flyToTheMoon  # noqa: B018 - asking is the test


def test_the_factory_knows_its_connections():
    factory = WrappingFactory(Server())
    one, two = wrapped(factory), wrapped(factory)
    assert list(factory.protocols) == [one, two]
    one.connectionLost(DONE)
    assert list(factory.protocols) == [two]


def test_starting_and_stopping_reaches_the_wrapped_factory_first():
    events = []

    def starting(name):
        class Starting(ServerFactory):
            noisy = False

            def startFactory(self):
                events.append(f"start {name}")

            def stopFactory(self):
                events.append(f"stop {name}")

        return Starting

    class Outer(starting("outer"), WrappingFactory):
        pass

    inner = starting("inner")()
    outer = Outer(inner)
    outer.doStart()
    outer.doStart()
    outer.doStop()
    outer.doStop()
    assert events == ["start inner", "start outer", "stop inner", "stop outer"]
    assert inner.numPorts == 0


def test_a_client_factory_hears_of_its_attempts_through_the_wrapping():
    heard = []

    class Client(ClientFactory):
        def startedConnecting(self, connector):
            heard.append(("started", connector))

        def clientConnectionFailed(self, connector, reason):
            heard.append(("failed", connector, reason))

        def clientConnectionLost(self, connector, reason):
            heard.append(("lost", connector, reason))

    factory = WrappingFactory(Client())
    factory.startedConnecting("c")
    factory.clientConnectionFailed("c", "r")
    factory.clientConnectionLost("c", "r")
    assert heard == [("started", "c"), ("failed", "c", "r"), ("lost", "c", "r")]


def test_the_log_names_both():
    wrapper = wrapped()
    assert wrapper.logPrefix() == "Noting (ProtocolWrapper)"
    assert wrapper.factory.logPrefix() == "Server (WrappingFactory)"


class TurnsAway(ServerFactory):
    def buildProtocol(self, addr):
        return None


@pytest.mark.own_promise("Twisted wraps the None")
@pytest.mark.parametrize("wrapping", [WrappingFactory, LimitConnectionsByPeer])
def test_a_connection_that_the_wrapped_factory_turns_away_is_turned_away(wrapping):
    assert wrapping(TurnsAway()).buildProtocol(addr()) is None


def test_over_a_connection_it_is_as_if_it_were_not_there(reactor, listen, connect):
    pair = connect(connect=False, server={"data": lambda talker, data: talker.transport.write(data)})
    factory = WrappingFactory(pair.server)
    factory.noisy = False
    port = listen(factory)
    reactor.connectTCP("127.0.0.1", port.getHost().port, pair.client)
    server, client = pair.establish()
    client.transport.write(b"hello")
    pair.run_until(lambda: client.received == b"hello")
    server.transport.loseConnection()
    pair.run_until_lost()
    assert factory.protocols == {}


def test_a_half_closed_connection_ends_for_a_wrapped_protocol(reactor, listen, connect):
    """The wrapper hands the transport's methods on, but mustn't take them for its protocol's."""
    pair = connect(connect=False, client={"made": lambda talker: talker.transport.loseWriteConnection()})
    factory = WrappingFactory(pair.server)
    factory.noisy = False
    port = listen(factory)
    reactor.connectTCP("127.0.0.1", port.getHost().port, pair.client)
    pair.run_until_lost()
    assert pair.server.talker.reason.check(ConnectionDone)


# --- limits


class Limited(LimitTotalConnectionsFactory):
    noisy = False
    protocol = Noting


def limited(limit, overflow=None):
    factory = Limited()
    factory.connectionLimit = limit
    factory.overflowProtocol = overflow
    return factory


def test_connections_over_the_limit_are_turned_away_until_one_ends():
    factory = limited(2)
    first, _second = wrapped(factory), wrapped(factory)
    assert factory.connectionCount == 2
    assert factory.buildProtocol(addr()) is None
    first.connectionLost(DONE)
    assert factory.connectionCount == 1
    assert isinstance(wrapped(factory), ProtocolWrapper)


def test_a_factory_without_a_limit_takes_all():
    factory = limited(None)
    for _ in range(100):
        wrapped(factory)
    assert factory.connectionCount == 100


def test_those_over_the_limit_get_the_overflow_protocol_which_counts():
    class Sorry(Protocol):
        def connectionMade(self):
            self.transport.write(b"sorry")
            self.transport.loseConnection()

    factory = limited(1, Sorry)
    wrapped(factory)
    late = wrapped(factory)
    assert late.transport.value() == b"sorry" and late.wrappedProtocol.factory is factory
    assert factory.connectionCount == 2
    late.connectionLost(DONE)
    assert factory.connectionCount == 1


by_peer = pytest.mark.own_promise("Twisted's expects addresses of a kind that it has no more")


@by_peer
def test_a_host_gets_its_share_and_no_more():
    factory = LimitConnectionsByPeer(Server())
    factory.maxConnectionsPerPeer = 2
    one = wrapped(factory)
    wrapped(factory)
    assert factory.buildProtocol(addr()) is None
    assert factory.buildProtocol(addr("10.0.0.10")) is not None
    one.connectionLost(DONE)
    assert factory.buildProtocol(addr(port=99)) is not None


@by_peer
def test_hosts_that_have_left_are_forgotten():
    factory = LimitConnectionsByPeer(Server())
    for number in range(10):
        wrapper = factory.buildProtocol(addr(f"10.0.0.{number}"))
        wrapper.makeConnection(StringTransport())
        wrapper.connectionLost(DONE)
    assert not factory.peerConnections and not factory.protocols
