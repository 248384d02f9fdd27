"""callLater on a real clock: when a timer runs, in which order, and what can still be done about it."""

import gc
import math
import weakref

import pytest

from reactor.error import AlreadyCalled, AlreadyCancelled
from tests.support.loopback import run, run_until, turn

FAR_S = 1000.0


def test_a_timer_runs_once_with_its_arguments(reactor):
    calls = []
    reactor.callLater(0, lambda *args, **kwargs: calls.append((args, kwargs)), 1, "two", three=3)
    run_until(reactor, lambda: calls)
    turn(reactor, 3)
    assert calls == [((1, "two"), {"three": 3})]


def test_an_argument_may_be_called_delay_or_action(reactor):
    calls = []
    reactor.callLater(0, lambda **kwargs: calls.append(kwargs), action=1, seconds=2)
    run_until(reactor, lambda: calls)
    assert calls == [{"action": 1, "seconds": 2}]


def test_a_timer_never_runs_before_it_is_due(reactor):
    started, ran = reactor.seconds(), []
    reactor.callLater(0.02, lambda: ran.append(reactor.seconds()))
    run_until(reactor, lambda: ran)
    assert ran[0] - started >= 0.02


def test_timers_run_in_the_order_in_which_they_are_due(reactor):
    calls = []
    for delay in (0.003, 0.001, 0.002):
        reactor.callLater(delay, calls.append, delay)
    run_until(reactor, lambda: len(calls) == 3)
    assert calls == [0.001, 0.002, 0.003]


def test_a_timer_asked_for_with_delay_zero_runs_in_a_later_turn(reactor):
    calls = []

    def again():
        calls.append(len(calls))
        if len(calls) < 3:
            reactor.callLater(0, again)

    reactor.callLater(0, again)
    turn(reactor)
    assert calls == [0]
    turn(reactor)
    assert calls == [0, 1]
    turn(reactor)
    assert calls == [0, 1, 2]


def test_a_timer_that_raises_is_logged_and_the_others_run(reactor, logged_errors):
    calls = []
    reactor.callLater(0, calls.append, 1)
    reactor.callLater(0, [].pop)
    reactor.callLater(0, calls.append, 2)
    run_until(reactor, lambda: len(calls) == 2)
    assert len(logged_errors.flush(IndexError)) == 1


def test_a_cancelled_timer_never_runs(reactor):
    calls = []
    reactor.callLater(0, calls.append, "cancelled").cancel()
    reactor.callLater(0, calls.append, "kept")
    run_until(reactor, lambda: calls)
    turn(reactor)
    assert calls == ["kept"]


def test_a_timer_cancelled_inside_its_own_turn_never_runs(reactor):
    calls = []
    reactor.callLater(0, lambda: victim.cancel())
    victim = reactor.callLater(0, calls.append, "victim")
    reactor.callLater(0, calls.append, "last")
    run_until(reactor, lambda: calls)
    assert calls == ["last"]


def test_a_timer_postponed_inside_its_own_turn_does_not_run_in_it(reactor):
    calls = []
    reactor.callLater(0, lambda: victim.delay(FAR_S))
    victim = reactor.callLater(0, calls.append, "victim")
    reactor.callLater(0, calls.append, "last")
    run_until(reactor, lambda: calls)
    assert calls == ["last"]
    victim.cancel()


def test_delay_postpones_from_the_time_it_was_due(reactor):
    call = reactor.callLater(10, lambda: None)
    due = call.getTime()
    call.delay(5)
    assert call.getTime() == pytest.approx(due + 5)
    call.cancel()


def test_a_negative_delay_brings_a_timer_forward(reactor):
    calls = []
    reactor.callLater(FAR_S, calls.append, 1).delay(-FAR_S)
    run_until(reactor, lambda: calls)


def test_reset_counts_from_now(reactor):
    call = reactor.callLater(FAR_S, lambda: None)
    call.reset(5)
    assert call.getTime() == pytest.approx(reactor.seconds() + 5, abs=0.5)
    call.reset(50)
    assert call.getTime() == pytest.approx(reactor.seconds() + 50, abs=0.5)
    call.cancel()


def test_a_timer_reset_to_sooner_overtakes_others(reactor):
    calls = []
    late = reactor.callLater(FAR_S, calls.append, "late")
    turn(reactor)
    reactor.callLater(0.01, calls.append, "soon")
    late.reset(0)
    run_until(reactor, lambda: len(calls) == 2)
    assert calls == ["late", "soon"]


def test_a_timer_reset_to_later_is_overtaken(reactor):
    calls = []
    call = reactor.callLater(0.001, calls.append, "first")
    reactor.callLater(0.002, calls.append, "second")
    call.reset(0.01)
    run_until(reactor, lambda: len(calls) == 2)
    assert calls == ["second", "first"]


def test_a_timer_that_has_run_can_be_neither_cancelled_nor_moved(reactor):
    call = reactor.callLater(0, lambda: None)
    run_until(reactor, lambda: not call.active())
    for attempt in (call.cancel, lambda: call.delay(1), lambda: call.reset(1)):
        with pytest.raises(AlreadyCalled):
            attempt()


def test_a_timer_counts_as_called_while_it_runs(reactor):
    seen = []

    def action():
        seen.append(call.active())
        with pytest.raises(AlreadyCalled):
            call.cancel()
        seen.append("checked")

    call = reactor.callLater(0, action)
    run_until(reactor, lambda: len(seen) == 2)
    assert seen == [False, "checked"]


def test_a_cancelled_timer_can_be_neither_cancelled_nor_moved(reactor):
    call = reactor.callLater(FAR_S, lambda: None)
    call.cancel()
    for attempt in (call.cancel, lambda: call.delay(1), lambda: call.reset(1)):
        with pytest.raises(AlreadyCancelled):
            attempt()


def test_active_until_it_ran_or_was_cancelled(reactor):
    ran, cancelled = reactor.callLater(0, lambda: None), reactor.callLater(FAR_S, lambda: None)
    assert ran.active() and cancelled.active()
    cancelled.cancel()
    run_until(reactor, lambda: not ran.active())
    assert not cancelled.active()


def test_getDelayedCalls_lists_what_waits(reactor):
    assert list(reactor.getDelayedCalls()) == []
    kept, cancelled = reactor.callLater(FAR_S, lambda: None), reactor.callLater(FAR_S, lambda: None)
    cancelled.cancel()
    assert list(reactor.getDelayedCalls()) == [kept]
    turn(reactor)
    assert list(reactor.getDelayedCalls()) == [kept]
    kept.cancel()
    assert list(reactor.getDelayedCalls()) == []


def test_many_cancelled_timers_do_not_stay(reactor):
    kept = reactor.callLater(FAR_S, lambda: None)
    calls = [reactor.callLater(FAR_S + number, lambda: None) for number in range(10_000)]
    turn(reactor)
    for call in calls:
        call.cancel()
    turn(reactor, 2)
    calls.clear()
    del call
    gc.collect()
    assert sum(isinstance(found, type(kept)) for found in gc.get_objects()) <= 110
    kept.cancel()


def test_cancelling_lets_go_of_the_action_at_once(reactor):
    class Action:
        def __call__(self, argument):
            pass

    action, argument = Action(), Action()
    call = reactor.callLater(FAR_S, action, argument)
    call.cancel()
    alive = [weakref.ref(action), weakref.ref(argument)]
    del action, argument
    gc.collect()
    assert [ref() for ref in alive] == [None, None]


@pytest.mark.own_promise("its callLater fails an assertion, or accepts it under python -O")
@pytest.mark.parametrize("delay", [-1, -0.001, math.nan])
def test_a_delay_that_is_no_span_of_time_is_refused(reactor, delay):
    with pytest.raises(ValueError):
        reactor.callLater(delay, lambda: None)


def test_the_repr_names_the_action_and_its_arguments(reactor):
    call = reactor.callLater(FAR_S, a_named_action, 17, word="yes")
    text = repr(call)
    assert "a_named_action" in text and "17" in text and "word='yes'" in text
    call.cancel()
    assert "a_named_action" in repr(call) or "cancelled" in repr(call)


def a_named_action(number, word):
    """Something for a repr to name."""


def test_seconds_grows_and_timers_use_the_same_clock(reactor):
    first = reactor.seconds()
    call = reactor.callLater(7, lambda: None)
    last = reactor.seconds()
    assert first <= call.getTime() - 7 + 1e-6 and call.getTime() - 7 <= last + 1e-6
    call.cancel()


def test_callWhenRunning_waits_for_the_start(reactor):
    calls = []
    reactor.callWhenRunning(lambda: calls.append(reactor.running))
    reactor.callWhenRunning(lambda: reactor.stop())
    assert calls == []
    run(reactor)
    assert calls == [True]


def test_callWhenRunning_calls_at_once_when_running(reactor):
    calls = []

    def running():
        reactor.callWhenRunning(calls.append, "at once")
        calls.append("after")
        reactor.stop()

    reactor.callLater(0, running)
    run(reactor)
    assert calls == ["at once", "after"]


def test_callWhenRunning_keeps_order_and_passes_arguments(reactor):
    calls = []
    reactor.callWhenRunning(lambda *args, **kwargs: calls.append((args, kwargs)), 1, a=2)
    reactor.callWhenRunning(calls.append, "second")
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert calls == [((1,), {"a": 2}), "second"]


def test_a_timer_of_length_zero_waits_behind_callWhenRunning(reactor):
    calls = []
    reactor.callLater(0, calls.append, "timer")
    reactor.callWhenRunning(calls.append, "running")
    reactor.callLater(0, reactor.stop)
    run(reactor)
    assert calls == ["running", "timer"]


def test_a_thousand_timers_with_the_same_delay_run_in_the_order_they_were_asked_for(reactor):
    calls = []
    for number in range(1000):
        reactor.callLater(0.001, calls.append, number)
    run_until(reactor, lambda: len(calls) == 1000)
    assert calls == list(range(1000))


@pytest.mark.own_promise("its calls may be left for the collector")
def test_calls_that_are_over_leave_nothing_for_the_garbage_collector():
    from reactor.core.loop.timers import Timers

    now = [0.0]
    timers = Timers(lambda: now[0])
    gc.disable()
    gc.freeze()  # what other tests have left is not counted; classes of h11 take several collections to go
    try:
        for _ in range(10):
            timers.call_later(1, print, (), {}).cancel()
            timers.call_later(1, str, (), {}).reset(0.5)
        now[0] = 2.0
        for call in timers.due():
            call.run()
        del call
        assert gc.collect() == 0
    finally:
        gc.unfreeze()
        gc.enable()


@pytest.mark.parametrize("where", ["class", "instance"])
def test_an_overridden_seconds_is_the_clock_of_the_timers(make_reactor, where):
    now, calls = [1000.0], []
    reactor = make_reactor()
    if where == "class":
        reactor.__class__ = type("Own", (type(reactor),), {"seconds": lambda self: now[0]})
    else:
        reactor.seconds = lambda: now[0]
    call = reactor.callLater(5, calls.append, "called")
    assert call.getTime() == 1005.0
    now[0] = 1004.9
    reactor.iterate(0)
    assert calls == []
    now[0] = 1005.1
    reactor.iterate(0)
    reactor.iterate(0)
    assert calls == ["called"]
