"""Stand-ins: they have a connection until it is its protocol's, and step aside."""

import copy

import pytest

from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.protocol import Factory, Protocol
from reactor.protocols.policies import WrappingFactory
from reactor.stand_in import StandIn, step_aside, without_stand_ins
from reactor.testing import StringTransport

DONE = Failure(ConnectionDone())


class Talker(Protocol):
    def __init__(self):
        self.events = []

    def connectionMade(self):
        self.events.append("made")

    def dataReceived(self, data):
        self.events.append(data)

    def readConnectionLost(self):
        self.events.append("read lost")

    def connectionLost(self, reason):
        self.events.append(reason.type)


class Place(StringTransport):
    """A transport that looks its protocol up, as the real ones do."""

    protocol = None


@pytest.fixture
def talker():
    return Talker()


def test_a_stand_in_gives_the_transport_to_the_protocol_when_the_connection_is_made(talker):
    transport = Place()
    transport.protocol = stand_in = StandIn(talker)
    stand_in.makeConnection(transport)
    assert transport.protocol is talker and talker.transport is transport and talker.events == ["made"]


def test_a_stand_in_under_a_policy_gives_over_the_place_in_the_wrapper(talker):
    factory = Factory()
    factory.buildProtocol = lambda addr: StandIn(talker)
    wrapper = WrappingFactory(factory).buildProtocol(None)
    transport = Place()
    transport.protocol = wrapper
    wrapper.makeConnection(transport)
    assert transport.protocol is wrapper and wrapper.wrappedProtocol is talker
    wrapper.dataReceived(b"to the protocol")
    assert talker.events == ["made", b"to the protocol"]


def test_a_stand_in_that_has_no_place_to_give_over_hands_everything_on(talker):
    stand_in = StandIn(talker)
    stand_in.makeConnection(StringTransport())
    stand_in.dataReceived(b"data")
    stand_in.readConnectionLost()
    stand_in.connectionLost(DONE)
    assert talker.events == ["made", b"data", "read lost", ConnectionDone]


def test_a_stand_in_takes_no_place_that_is_not_its_own(talker):
    transport = Place()
    transport.protocol = other = Protocol()
    StandIn(talker).makeConnection(transport)
    assert transport.protocol is other and talker.events == ["made"]


def test_bytes_that_are_not_consumed_are_given_over_after_makeConnection(talker):
    transport = Place()
    transport.protocol = greeter = Protocol()
    step_aside(transport, greeter, talker, b"not the greeter's")
    assert transport.protocol is talker and talker.events == ["made", b"not the greeter's"]


def test_stand_ins_for_stand_ins_all_step_aside(talker):
    transport = Place()
    transport.protocol = outer = StandIn(StandIn(talker))
    outer.makeConnection(transport)
    assert transport.protocol is talker is without_stand_ins(outer) is without_stand_ins(talker)


def test_a_stand_in_can_be_copied(talker):
    assert copy.copy(StandIn(talker)).events is talker.events
