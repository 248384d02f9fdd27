"""LoopingCall: again and again, on time."""

import pytest

from reactor.defer import CancelledError, Deferred
from reactor.task import Clock, LoopingCall
from tests.support.outcomes import failure_of, outcomes, raising, result_of


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def looping(clock):
    """Makes a LoopingCall on the clock of the test."""

    def make(f, *args, **kw):
        loop = LoopingCall(f, *args, **kw)
        loop.clock = clock
        return loop

    return make


@pytest.fixture
def counting(clock):
    """Makes a LoopingCall with a count on the clock of the test."""

    def make(f):
        loop = LoopingCall.withCount(f)
        loop.clock = clock
        return loop

    return make


def test_it_calls_at_the_start_and_after_each_interval(clock, looping):
    times = []
    looping(lambda: times.append(clock.seconds())).start(2)
    clock.pump([1] * 6)
    assert times == [0, 2, 4, 6]


def test_the_first_call_may_wait_for_an_interval(clock, looping):
    times = []
    looping(lambda: times.append(clock.seconds())).start(2, now=False)
    clock.pump([1] * 6)
    assert times == [2, 4, 6]


def test_arguments_are_passed_on(clock, looping):
    calls = []
    looping(lambda *args, **kw: calls.append((args, kw)), 1, two=2).start(1)
    assert calls == [((1,), {"two": 2})]


def test_stop_ends_it_and_fires_the_Deferred_of_start(clock, looping):
    calls = []
    loop = looping(calls.append, 1)
    end = loop.start(1)
    results = outcomes(end)
    assert loop.running and results == []
    loop.stop()
    assert not loop.running and results == [loop]
    clock.advance(5)
    assert calls == [1] and not clock.getDelayedCalls()


def test_it_may_stop_itself(clock, looping):
    loop = looping(lambda: loop.stop())
    assert result_of(loop.start(1)) is loop
    assert not clock.getDelayedCalls()


def test_an_error_ends_it(clock, looping):
    loop = looping(raising)
    failure_of(loop.start(1), ZeroDivisionError)
    assert not loop.running and not clock.getDelayedCalls()


def test_it_waits_for_a_Deferred_and_keeps_to_the_grid_afterwards(clock, looping):
    waiting, times = [], []

    def work():
        times.append(clock.seconds())
        waiting.append(Deferred())
        return waiting[-1]

    looping(work).start(2)
    clock.advance(5)
    assert times == [0]
    waiting[0].callback(None)
    clock.advance(0.5)
    assert times == [0]
    clock.advance(0.5)
    assert times == [0, 6], "the next whole interval from the start"


def test_a_Deferred_that_fails_ends_it(looping):
    inner = Deferred()
    end = looping(lambda: inner).start(1)
    inner.errback(ValueError())
    failure_of(end, ValueError)


def test_stop_while_it_waits_for_a_Deferred_ends_it_after_that(looping):
    inner = Deferred()
    loop = looping(lambda: inner)
    results = outcomes(loop.start(1))
    loop.stop()
    assert results == []
    inner.callback(None)
    assert results == [loop]


def test_a_late_call_does_not_make_the_next_one_late(clock, looping):
    times = []
    looping(lambda: times.append(clock.seconds())).start(1)
    clock.pump([1.75, 0.25, 1])
    assert times == [0, 1.75, 2, 3]


def test_calls_that_were_missed_are_left_out(clock, looping):
    times = []
    looping(lambda: times.append(clock.seconds())).start(1)
    clock.advance(10.5)
    clock.advance(0.5)
    assert times == [0, 10.5, 11]


def test_an_interval_that_the_clock_can_not_show_to_the_last_digit_loses_no_call(clock, looping):
    calls = []
    looping(calls.append, 1).start(0.1)
    for _ in range(1000):
        clock.advance(0.1)
    assert 998 <= len(calls) <= 1002


def test_an_interval_of_0_is_once_in_every_turn(clock, looping):
    calls = []

    def work():
        calls.append(1)
        if len(calls) == 5:
            loop.stop()

    loop = looping(work)
    loop.start(0)
    assert len(calls) == 1
    clock.advance(0)
    assert len(calls) == 5


def test_a_negative_interval_is_an_error(looping):
    loop = looping(list)
    with pytest.raises(ValueError, match="interval must be >= 0"):
        loop.start(-1)
    assert not loop.running


def test_starting_stopping_and_resetting_at_the_wrong_time_is_an_error(looping):
    loop = looping(list)
    with pytest.raises(AssertionError, match="not running"):
        loop.stop()
    with pytest.raises(AssertionError, match="not running"):
        loop.reset()
    loop.start(1)
    with pytest.raises(AssertionError, match="already running"):
        loop.start(1)


def test_it_can_be_started_again(clock, looping):
    times = []
    loop = looping(lambda: times.append(clock.seconds()))
    loop.start(1)
    loop.stop()
    clock.advance(10)
    loop.start(3)
    clock.advance(3)
    assert times == [0, 10, 13]


def test_reset_puts_the_next_call_an_interval_from_now(clock, looping):
    times = []
    loop = looping(lambda: times.append(clock.seconds()))
    loop.start(2)
    clock.advance(1)
    loop.reset()
    clock.pump([1, 1, 1, 1])
    assert times == [0, 3, 5]


def test_reset_while_a_Deferred_is_waited_for_changes_nothing(clock, looping):
    inner = Deferred()
    loop = looping(lambda: inner)
    loop.start(2)
    loop.reset()
    assert not clock.getDelayedCalls()


def test_a_cancelled_Deferred_ends_it_as_a_failure(looping):
    inner = Deferred()
    end = looping(lambda: inner).start(1)
    inner.cancel()
    failure_of(end, CancelledError)


def test_the_count_is_how_many_calls_were_due(clock, counting):
    counts = []
    counting(counts.append).start(1)
    clock.pump([1, 3.5, 0.5, 1])
    assert counts == [1, 1, 3, 1, 1]


def test_the_count_without_a_call_at_the_start(clock, counting):
    counts = []
    counting(counts.append).start(1, now=False)
    clock.pump([1, 2.25, 0.75])
    assert counts == [1, 2, 1]


def test_the_count_after_a_reset_starts_anew(clock, counting):
    counts = []
    loop = counting(counts.append)
    loop.start(1)
    clock.advance(1)
    clock.advance(0.5)
    loop.reset()
    clock.advance(1)
    assert counts == [1, 1, 1]


def test_the_count_of_an_interval_of_0_is_1(clock, counting):
    counts = []

    def count(number):
        counts.append(number)
        if len(counts) == 3:
            loop.stop()

    loop = counting(count)
    loop.start(0)
    clock.advance(5)
    assert counts == [1, 1, 1]


def test_the_count_includes_what_a_Deferred_made_it_miss(clock, counting):
    counts, waiting = [], []

    def count(number):
        counts.append(number)
        waiting.append(Deferred())
        return waiting[-1]

    counting(count).start(1)
    clock.advance(3)
    waiting[0].callback(None)
    clock.advance(1)
    assert counts == [1, 4]


def test_the_repr_names_interval_and_function(looping):
    loop = looping(raising, 1, two=2)
    loop.start(3, now=False)
    assert "3" in repr(loop) and "raising" in repr(loop) and "'two': 2" in repr(loop)
