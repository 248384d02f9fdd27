"""ThrottlingFactory: bytes a second over all connections, on a clock that the test moves."""

import pytest

from reactor.protocols.policies import ThrottlingFactory
from reactor.task import Clock
from reactor.testing import StringTransport
from tests.protocols.test_policies import DONE, Server, TurnsAway, addr


class Throttling(ThrottlingFactory):
    noisy = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.clock = Clock()

    def callLater(self, period, func):
        return self.clock.callLater(period, func)

    def connected(self):
        wrapper = self.buildProtocol(addr())
        wrapper.makeConnection(StringTransport())
        return wrapper


class Producer:
    def __init__(self):
        self.events = []

    def pauseProducing(self):
        self.events.append("pause")

    def resumeProducing(self):
        self.events.append("resume")

    def stopProducing(self):
        self.events.append("stop")


def test_connections_over_the_limit_are_turned_away_until_one_ends():
    factory = Throttling(Server(), maxConnectionCount=1)
    one = factory.connected()
    assert factory.buildProtocol(addr()) is None
    one.connectionLost(DONE)
    assert factory.buildProtocol(addr()) is not None


@pytest.mark.own_promise("Twisted wraps the None and counts it")
def test_a_connection_that_the_wrapped_factory_turns_away_is_not_counted():
    factory = Throttling(TurnsAway(), maxConnectionCount=1, readLimit=1)
    assert factory.buildProtocol(addr()) is None
    assert factory.connectionCount == 0 and factory.clock.getDelayedCalls() == []


def test_reading_twice_the_limit_costs_a_second_of_silence():
    factory = Throttling(Server(), readLimit=10)
    one, two = factory.connected(), factory.connected()
    one.dataReceived(b"x" * 15)
    two.dataReceived(b"x" * 5)
    assert one.transport.producerState == "producing"
    factory.clock.advance(1)
    assert one.transport.producerState == two.transport.producerState == "paused"
    factory.clock.advance(0.9)
    assert one.transport.producerState == "paused"
    factory.clock.advance(0.2)
    assert one.transport.producerState == two.transport.producerState == "producing"


def test_reading_within_the_limit_costs_nothing():
    factory = Throttling(Server(), readLimit=10)
    one = factory.connected()
    for _ in range(5):
        one.dataReceived(b"x" * 10)
        factory.clock.advance(1)
        assert one.transport.producerState == "producing"


def test_writing_twice_the_limit_pauses_the_producers_for_a_second():
    factory = Throttling(Server(), writeLimit=10)
    one, producer = factory.connected(), Producer()
    one.registerProducer(producer, True)
    one.write(b"x" * 12)
    one.writeSequence([b"x" * 4, b"x" * 4])
    assert one.transport.value() == b"x" * 20
    factory.clock.advance(1)
    assert producer.events == ["pause"]
    factory.clock.advance(1)
    assert producer.events == ["pause", "resume"]


no_producer = pytest.mark.own_promise("Twisted takes the transport's None for a producer")


@no_producer
def test_connections_without_a_producer_are_left_alone():
    factory = Throttling(Server(), writeLimit=10)
    one, producer = factory.connected(), Producer()
    one.registerProducer(producer, True)
    one.unregisterProducer()
    one.write(b"x" * 20)
    factory.clock.pump([1, 1, 1])
    assert producer.events == []


@no_producer
def test_without_connections_no_clock_runs():
    factory = Throttling(Server(), readLimit=1, writeLimit=1)
    assert factory.clock.getDelayedCalls() == []
    one = factory.connected()
    one.dataReceived(b"x" * 100)
    one.write(b"x" * 100)
    factory.clock.advance(1)
    assert len(factory.clock.getDelayedCalls()) == 4
    one.connectionLost(DONE)
    assert factory.clock.getDelayedCalls() == []


@pytest.mark.own_promise("Twisted cancels a call of the last time again")
def test_after_the_last_connection_it_can_begin_anew():
    factory = Throttling(Server(), readLimit=1)
    for _ in range(3):
        one = factory.connected()
        one.dataReceived(b"x" * 100)
        factory.clock.advance(1)
        one.connectionLost(DONE)
    assert factory.clock.getDelayedCalls() == [] and factory.connectionCount == 0


def test_without_limits_nothing_is_counted_in_time():
    factory = Throttling(Server())
    factory.connected().dataReceived(b"x" * 100)
    assert factory.clock.getDelayedCalls() == []
