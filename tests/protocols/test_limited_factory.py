"""LimitedFactory: how many connections a server takes, in all and from one source."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no such factory", allow_module_level=True)

from reactor.address import IPv4Address, IPv6Address, UNIXAddress
from reactor.protocol import Protocol
from reactor.protocols.policies import LimitedFactory
from reactor.testing import StringTransport


class Server(LimitedFactory):
    protocol = Protocol
    maxConnections, maxConnectionsPerPeer, tooMany = 3, 2, b"421 come again\r\n"


def ipv4(host="192.0.2.1"):
    return IPv4Address("TCP", host, 1)


def ipv6(host):
    return IPv6Address("TCP", host, 1)


def connect(factory, address, transport=None):
    session = factory.buildProtocol(address)
    session.makeConnection(transport or StringTransport())
    return session


def heard(session):
    """What a client that was turned away has heard; None for one that is in."""
    return session.transport.value() if session.transport.disconnecting else None


def test_a_source_has_its_share_and_gets_another_place_when_it_leaves_one():
    factory = Server()
    first, second, third = [connect(factory, ipv4()) for _ in range(3)]
    assert [heard(first), heard(second), heard(third)] == [None, None, b"421 come again\r\n"]
    third.connectionLost()
    assert heard(connect(factory, ipv4())) == b"421 come again\r\n", "it had no place that it could leave"
    first.connectionLost()
    assert heard(connect(factory, ipv4())) is None


def test_a_full_server_turns_away_who_never_came_before():
    factory = Server()
    first, *_ = [connect(factory, ipv4(f"192.0.2.{number}")) for number in range(3)]
    assert heard(connect(factory, ipv4("192.0.2.9"))) == b"421 come again\r\n"
    first.connectionLost()
    assert heard(connect(factory, ipv4("192.0.2.9"))) is None


def test_without_limits_everybody_is_let_in():
    factory = Server()
    factory.maxConnections = factory.maxConnectionsPerPeer = None
    assert [heard(connect(factory, ipv4())) for _ in range(20)] == [None] * 20


@pytest.mark.parametrize(
    "one, other, are_one",
    [
        (ipv6("2001:db8::1"), ipv6("2001:db8::2:3"), True),  # the 64 bits that a customer has
        (ipv6("2001:db8::1"), ipv6("2001:db8:0:1::1"), False),
        (ipv4(), ipv6("::ffff:192.0.2.1"), True),
        (UNIXAddress(None), UNIXAddress("/run/x"), True),
    ],
)
def test_what_counts_as_one_source(one, other, are_one):
    factory = Server()
    factory.maxConnectionsPerPeer = 1
    connect(factory, one)
    assert (heard(connect(factory, other)) is not None) == are_one


def test_sources_that_have_left_are_forgotten():
    factory = Server()
    for number in range(10):
        connect(factory, ipv4(f"192.0.2.{number}")).connectionLost()
    assert not factory.peerConnections


def test_over_TLS_nothing_is_said():
    factory, transport = Server(), StringTransport()
    factory.maxConnections, transport.TLS = 0, True
    connect(factory, ipv4(), transport)
    assert transport.disconnected and not transport.value()


def test_a_session_counts_no_more_whatever_its_class_does_when_it_is_lost():
    class Careless(Protocol):
        def connectionLost(self, reason=None):
            raise ValueError(reason)

    factory = Server()
    factory.protocol = Careless
    session = connect(factory, ipv4())
    with pytest.raises(ValueError, match="the reason"):
        session.connectionLost("the reason")
    assert not factory.peerConnections and "connectionLost" not in vars(session)


def test_an_override_of_buildProtocol_gets_the_session_itself():
    class Ours(Server):
        def buildProtocol(self, addr):
            session = super().buildProtocol(addr)
            session.word = "hello"
            return session

    factory = Ours()
    sessions = [connect(factory, ipv4()) for _ in range(3)]
    assert type(sessions[0]) is Protocol and [session.word for session in sessions] == ["hello"] * 3


def test_a_session_that_the_server_does_not_want_has_no_place():
    class Choosy(Server):
        def buildSession(self, addr):
            return None

    factory = Choosy()
    assert factory.buildProtocol(ipv4()) is None and not factory.peerConnections
