"""TimeoutMixin and TimeoutFactory: the end of connections on which nothing happens, on a clock that the test moves."""

import pytest

from reactor.protocol import Protocol
from reactor.protocols.policies import TimeoutFactory, TimeoutMixin
from reactor.task import Clock
from reactor.testing import StringTransport
from tests.protocols.test_policies import DONE, Server, addr
from tests.support import oracle


class Deadline(TimeoutMixin, Protocol):
    def __init__(self, clock):
        self.callLater = clock.callLater
        self.makeConnection(StringTransport())

    def dataReceived(self, data):
        self.resetTimeout()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def protocol(clock):
    return Deadline(clock)


def test_when_time_is_up_the_connection_is_closed(protocol, clock):
    protocol.setTimeout(10)
    clock.advance(9)
    assert not protocol.transport.disconnecting
    clock.advance(1)
    assert protocol.transport.disconnecting


def test_resetTimeout_begins_anew(protocol, clock):
    protocol.setTimeout(10)
    for _ in range(5):
        clock.advance(9)
        protocol.dataReceived(b"x")
    assert not protocol.transport.disconnecting
    clock.advance(10)
    assert protocol.transport.disconnecting


def test_setTimeout_returns_the_period_before_and_changes_it(protocol, clock):
    assert protocol.setTimeout(10) is None
    clock.advance(9)
    assert protocol.setTimeout(20) == 10
    clock.advance(19)
    assert not protocol.transport.disconnecting
    clock.advance(1)
    assert protocol.transport.disconnecting
    assert protocol.timeOut == 20


def test_setTimeout_None_ends_it(protocol, clock):
    protocol.setTimeout(10)
    assert protocol.setTimeout(None) == 10
    protocol.resetTimeout()
    assert protocol.setTimeout(None) is None
    assert clock.getDelayedCalls() == []


def test_after_it_timed_out_it_can_be_set_again(protocol, clock):
    timed_out = []
    protocol.timeoutConnection = lambda: timed_out.append(clock.seconds())
    protocol.setTimeout(10)
    clock.advance(10)
    protocol.resetTimeout()
    assert clock.getDelayedCalls() == []
    protocol.setTimeout(5)
    clock.advance(5)
    assert timed_out == [10, 15]


def test_stopping_it_while_it_times_out_is_no_error(protocol, clock):
    protocol.timeoutConnection = lambda: protocol.setTimeout(None)
    protocol.setTimeout(10)
    clock.advance(10)
    assert clock.getDelayedCalls() == []


def test_without_a_clock_of_its_own_it_uses_the_reactor(monkeypatch, clock):
    import sys

    package = sys.modules["twisted.internet" if oracle.installed() else "reactor"]
    monkeypatch.setattr(package, "reactor", clock, raising=False)
    monkeypatch.setitem(sys.modules, f"{package.__name__}.reactor", clock)
    protocol = Deadline(clock)
    del protocol.callLater
    protocol.setTimeout(10)
    clock.advance(10)
    assert protocol.transport.disconnecting


class Idle(TimeoutFactory):
    noisy = False

    def __init__(self, clock, *args):
        self.clock = clock
        super().__init__(Server(), *args)

    def callLater(self, period, func):
        return self.clock.callLater(period, func)


def connected(clock, *args):
    wrapper = Idle(clock, *args).buildProtocol(addr())
    wrapper.makeConnection(StringTransport())
    return wrapper


ACTIVITIES = {
    "read": lambda wrapper: wrapper.dataReceived(b"x"),
    "write": lambda wrapper: wrapper.write(b"x"),
    "writeSequence": lambda wrapper: wrapper.writeSequence([b"x"]),
}


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_each_activity_keeps_a_connection_open(clock, activity):
    wrapper = connected(clock, 10)
    for _ in range(5):
        clock.advance(9)
        ACTIVITIES[activity](wrapper)
    assert not wrapper.transport.disconnecting
    clock.advance(10)
    assert wrapper.transport.disconnecting and wrapper.disconnecting


def test_half_an_hour_of_silence_is_enough_unless_said(clock):
    wrapper = connected(clock)
    clock.advance(30 * 60 - 1)
    assert not wrapper.transport.disconnecting
    clock.advance(1)
    assert wrapper.transport.disconnecting


def test_a_connection_that_is_lost_takes_its_timer_with_it(clock):
    wrapper = connected(clock, 10)
    wrapper.connectionLost(DONE)
    assert clock.getDelayedCalls() == []


def test_the_period_of_one_connection_can_be_changed_and_ended(clock):
    wrapper = connected(clock, 10)
    wrapper.setTimeout(20)
    clock.advance(19)
    assert not wrapper.transport.disconnecting
    wrapper.cancelTimeout()
    wrapper.cancelTimeout()
    wrapper.resetTimeout()
    assert clock.getDelayedCalls() == []
    wrapper.setTimeout(3)
    wrapper.setTimeout()
    assert clock.getDelayedCalls() == []


def test_activity_after_time_was_up_changes_nothing(clock):
    wrapper = connected(clock, 10)
    clock.advance(10)
    if wrapper.timeoutCall is not None and not wrapper.timeoutCall.active():
        wrapper.timeoutCall = None  # Twisted would reset a call that was made
    wrapper.write(b"x")
    wrapper.connectionLost(DONE)
    assert clock.getDelayedCalls() == []
