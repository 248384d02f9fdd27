"""Clock: the time of tests, which passes when the test says so."""

import pytest

from reactor.error import AlreadyCalled, AlreadyCancelled
from reactor.task import Clock


@pytest.fixture
def clock():
    return Clock()


def test_it_starts_at_zero_and_advances_by_what_is_asked(clock):
    assert clock.seconds() == 0
    clock.advance(1.5)
    clock.advance(2)
    assert clock.seconds() == 3.5


def test_a_call_happens_when_its_time_has_come(clock):
    calls = []
    clock.callLater(2, calls.append, "call")
    clock.advance(1.9)
    assert calls == []
    clock.advance(0.2)
    assert calls == ["call"]


def test_a_call_that_is_due_exactly_now_happens(clock):
    calls = []
    clock.callLater(2, calls.append, "call")
    clock.advance(2)
    assert calls == ["call"]


def test_calls_happen_in_the_order_in_which_they_are_due(clock):
    calls = []
    for delay in (3, 1, 2):
        clock.callLater(delay, calls.append, delay)
    clock.advance(5)
    assert calls == [1, 2, 3]


def test_calls_due_at_the_same_time_happen_in_the_order_they_were_asked_for(clock):
    calls = []
    for number in range(10):
        clock.callLater(1, calls.append, number)
    clock.advance(1)
    assert calls == list(range(10))


def test_a_call_with_delay_zero_waits_for_advance(clock):
    calls = []
    clock.callLater(0, calls.append, "call")
    assert calls == []
    clock.advance(0)
    assert calls == ["call"]


def test_a_call_sees_the_time_to_which_the_clock_was_advanced(clock):
    seen = []
    clock.callLater(1, lambda: seen.append(clock.seconds()))
    clock.advance(5)
    assert seen == [5]


def test_a_call_asked_for_by_a_call_happens_in_the_same_advance_if_it_is_due(clock):
    calls = []

    def first():
        calls.append("first")
        clock.callLater(0, calls.append, "second")

    clock.callLater(1, first)
    clock.advance(1)
    assert calls == ["first", "second"]


def test_pump_advances_step_by_step(clock):
    seen = []

    def again():
        seen.append(clock.seconds())
        clock.callLater(1, again)

    again()
    clock.pump([1, 1, 1])
    assert seen == [0, 1, 2, 3]


def test_a_cancelled_call_never_happens(clock):
    calls = []
    call = clock.callLater(1, calls.append, "call")
    call.cancel()
    clock.advance(2)
    assert calls == []
    with pytest.raises(AlreadyCancelled):
        call.cancel()


def test_a_call_that_happened_cannot_be_cancelled(clock):
    call = clock.callLater(1, lambda: None)
    clock.advance(1)
    assert not call.active()
    with pytest.raises(AlreadyCalled):
        call.cancel()


def test_delay_and_reset_move_a_call(clock):
    calls = []
    later, sooner = clock.callLater(1, calls.append, "later"), clock.callLater(10, calls.append, "sooner")
    later.delay(4)
    assert later.getTime() == 5
    sooner.reset(2)
    assert sooner.getTime() == 2
    clock.advance(3)
    assert calls == ["sooner"]
    clock.advance(2)
    assert calls == ["sooner", "later"]


def test_getDelayedCalls_lists_what_waits_in_order(clock):
    late, early = clock.callLater(2, lambda: None), clock.callLater(1, lambda: None)
    assert list(clock.getDelayedCalls()) == [early, late]
    early.cancel()
    assert list(clock.getDelayedCalls()) == [late]


def test_arguments_are_passed_on(clock):
    calls = []
    clock.callLater(0, lambda *args, **kwargs: calls.append((args, kwargs)), 1, b=2)
    clock.advance(0)
    assert calls == [((1,), {"b": 2})]


def test_an_exception_in_a_call_reaches_the_test(clock):
    clock.callLater(1, [].pop)
    with pytest.raises(IndexError):
        clock.advance(1)


def test_its_calls_are_those_still_to_come_soonest_first(clock):
    late, soon = clock.callLater(2, list), clock.callLater(1, list)
    assert clock.calls == [soon, late]
    soon.cancel()
    assert clock.calls == [late]
