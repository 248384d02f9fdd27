"""addTimeout: a result that must come in time."""

import pytest

from reactor.defer import CancelledError, Deferred, TimeoutError, fail
from reactor.failure import Failure
from reactor.task import Clock
from tests.support.outcomes import failure_of, outcomes, raising, result_of


@pytest.fixture
def clock():
    return Clock()


def test_a_result_that_is_late_is_a_TimeoutError(clock):
    deferred = Deferred()
    results = outcomes(deferred.addTimeout(3, clock))
    clock.advance(2)
    assert results == []
    clock.advance(1)
    assert results[0].check(TimeoutError) and results[0].value.args == (3, "Deferred")


def test_the_canceller_is_asked_when_time_is_up(clock):
    cancelled = []
    deferred = Deferred(cancelled.append).addTimeout(3, clock)
    clock.advance(3)
    assert cancelled == [deferred]
    failure_of(deferred, TimeoutError)


def test_a_result_in_time_ends_the_timeout(clock):
    deferred = Deferred().addTimeout(3, clock)
    deferred.callback("in time")
    assert result_of(deferred) == "in time"
    assert not clock.getDelayedCalls()


def test_a_failure_in_time_is_left_as_it_is(clock):
    failure_of(fail(ValueError()).addTimeout(3, clock), ValueError)
    assert not clock.getDelayedCalls()


def test_somebody_elses_cancel_is_no_timeout(clock):
    deferred = Deferred().addTimeout(3, clock)
    deferred.cancel()
    failure_of(deferred, CancelledError)


def test_a_canceller_that_fires_has_the_last_word(clock):
    for end in ("half a result", Failure(ValueError())):
        deferred = Deferred(lambda deferred, end=end: deferred.callback(end)).addTimeout(3, clock)
        clock.advance(3)
        [result] = outcomes(deferred)
        assert result is end or result.value is end.value


def test_onTimeoutCancel_may_give_a_result(clock):
    asked = []
    deferred = Deferred().addTimeout(3, clock, lambda result, timeout: asked.append((result, timeout)) or "default")
    clock.advance(3)
    assert result_of(deferred) == "default"
    [(failure, timeout)] = asked
    assert failure.check(CancelledError) and timeout == 3


def test_onTimeoutCancel_may_raise(clock):
    deferred = Deferred().addTimeout(3, clock, raising)
    clock.advance(3)
    failure_of(deferred, ZeroDivisionError)


def test_onTimeoutCancel_is_not_called_for_a_result_in_time(clock):
    deferred = Deferred().addTimeout(3, clock, raising)
    deferred.callback("in time")
    assert result_of(deferred) == "in time"


def test_the_shorter_of_two_timeouts_counts(clock):
    deferred = Deferred().addTimeout(5, clock).addTimeout(2, clock)
    clock.advance(2)
    failure_of(deferred, TimeoutError)
    assert not clock.getDelayedCalls()


def test_a_timeout_bounds_what_the_chain_waits_for(clock):
    inner = Deferred()
    outer = Deferred().addCallback(lambda _: inner).addTimeout(3, clock)
    outer.callback(None)
    clock.advance(3)
    failure_of(outer, TimeoutError)
    assert inner.called


def test_adding_a_timeout_returns_the_Deferred(clock):
    deferred = Deferred()
    assert deferred.addTimeout(3, clock) is deferred
