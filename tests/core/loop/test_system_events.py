"""Triggers: what runs before, during and after startup and shutdown."""

import pytest

from reactor.defer import Deferred, fail, succeed
from tests.support.loopback import run, run_until

PHASES = ("before", "during", "after")


def add_all(reactor, event, calls):
    """A trigger in each phase, added in the wrong order."""
    for phase in reversed(PHASES):
        reactor.addSystemEventTrigger(phase, event, calls.append, phase)


@pytest.mark.parametrize("event", ["startup", "shutdown"])
def test_phases_run_in_order(reactor, event):
    calls = []
    add_all(reactor, event, calls)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert calls == list(PHASES)


def test_triggers_of_one_phase_run_in_the_order_they_were_added(reactor):
    calls = []
    for number in range(5):
        reactor.addSystemEventTrigger("during", "shutdown", calls.append, number)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert calls == [0, 1, 2, 3, 4]


def test_an_event_of_the_programs_own_can_be_fired(reactor):
    calls = []
    add_all(reactor, "coffee", calls)
    reactor.fireSystemEvent("coffee")
    assert calls == list(PHASES)


def test_a_trigger_runs_only_once(reactor):
    calls = []
    add_all(reactor, "coffee", calls)
    reactor.fireSystemEvent("coffee")
    reactor.fireSystemEvent("coffee")
    assert calls == list(PHASES)


def test_an_event_without_triggers_can_be_fired(reactor):
    reactor.fireSystemEvent("nobody listens")


def test_arguments_are_passed_on(reactor):
    calls = []
    reactor.addSystemEventTrigger("before", "coffee", lambda *args, **kw: calls.append((args, kw)), 1, milk=False)
    reactor.fireSystemEvent("coffee")
    assert calls == [((1,), {"milk": False})]


def test_a_phase_that_does_not_exist_is_refused(reactor):
    with pytest.raises(KeyError):
        reactor.addSystemEventTrigger("meanwhile", "shutdown", lambda: None)


def test_a_removed_trigger_does_not_run(reactor):
    calls = []
    removed = reactor.addSystemEventTrigger("before", "coffee", calls.append, "removed")
    reactor.addSystemEventTrigger("before", "coffee", calls.append, "kept")
    reactor.removeSystemEventTrigger(removed)
    reactor.fireSystemEvent("coffee")
    assert calls == ["kept"]


def test_removing_a_trigger_twice_is_an_error(reactor):
    trigger = reactor.addSystemEventTrigger("before", "coffee", lambda: None)
    reactor.removeSystemEventTrigger(trigger)
    with pytest.raises(ValueError):
        reactor.removeSystemEventTrigger(trigger)


def test_a_trigger_can_remove_a_later_one(reactor):
    calls = []
    reactor.addSystemEventTrigger("before", "coffee", lambda: reactor.removeSystemEventTrigger(victim))
    victim = reactor.addSystemEventTrigger("during", "coffee", calls.append, "victim")
    reactor.fireSystemEvent("coffee")
    assert calls == []


def test_a_Deferred_from_before_holds_back_during(reactor):
    calls, waiting = [], Deferred()
    reactor.addSystemEventTrigger("before", "coffee", lambda: waiting)
    reactor.addSystemEventTrigger("before", "coffee", calls.append, "another before")
    reactor.addSystemEventTrigger("during", "coffee", calls.append, "during")
    reactor.fireSystemEvent("coffee")
    assert calls == ["another before"]
    waiting.callback(None)
    assert calls == ["another before", "during"]


def test_all_Deferreds_from_before_are_waited_for(reactor):
    calls, first, second = [], Deferred(), Deferred()
    reactor.addSystemEventTrigger("before", "coffee", lambda: first)
    reactor.addSystemEventTrigger("before", "coffee", lambda: second)
    reactor.addSystemEventTrigger("during", "coffee", calls.append, "during")
    reactor.fireSystemEvent("coffee")
    second.callback(None)
    assert calls == []
    first.callback(None)
    assert calls == ["during"]


def test_a_Deferred_that_has_fired_holds_nothing_back(reactor):
    calls = []
    reactor.addSystemEventTrigger("before", "coffee", lambda: succeed(None))
    add_all(reactor, "coffee", calls)
    reactor.fireSystemEvent("coffee")
    assert calls == list(PHASES)


def test_a_Deferred_from_during_holds_nothing_back(reactor):
    calls, waiting = [], Deferred()
    reactor.addSystemEventTrigger("during", "coffee", lambda: waiting)
    reactor.addSystemEventTrigger("after", "coffee", calls.append, "after")
    reactor.fireSystemEvent("coffee")
    assert calls == ["after"]


def test_a_Deferred_from_before_that_fails_holds_nothing_back(reactor, logged_errors):
    calls = []
    reactor.addSystemEventTrigger("before", "coffee", lambda: fail(ZeroDivisionError()))
    add_all(reactor, "coffee", calls)
    reactor.fireSystemEvent("coffee")
    assert calls == list(PHASES)
    logged_errors.flush(ZeroDivisionError)


def test_stop_waits_for_a_Deferred_from_before_shutdown(reactor):
    calls, waiting = [], Deferred()

    def shutting_down():
        calls.append("before")
        reactor.callLater(0.001, waiting.callback, None)
        return waiting

    reactor.addSystemEventTrigger("before", "shutdown", shutting_down)
    reactor.addSystemEventTrigger("during", "shutdown", calls.append, "during")
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert calls == ["before", "during"]


def test_the_network_still_works_while_before_shutdown_is_waited_for(reactor, connect):
    pair = connect()
    server, client = pair.establish()
    done = Deferred()
    server.hooks["data"] = lambda talker, data: done.callback(None)

    def say_goodbye():
        client.transport.write(b"goodbye")
        return done

    reactor.addSystemEventTrigger("before", "shutdown", say_goodbye)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert server.received == b"goodbye"


@pytest.mark.parametrize("phase", PHASES)
def test_a_trigger_that_raises_is_logged_and_the_others_run(reactor, logged_errors, phase):
    calls = []
    reactor.addSystemEventTrigger(phase, "coffee", lambda: 1 / 0)
    add_all(reactor, "coffee", calls)
    reactor.fireSystemEvent("coffee")
    assert calls == list(PHASES)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_callWhenRunning_is_a_trigger_after_startup(reactor):
    calls = []
    reactor.callWhenRunning(calls.append, "first")
    reactor.addSystemEventTrigger("after", "startup", calls.append, "second")
    removed = reactor.callWhenRunning(calls.append, "removed")
    reactor.removeSystemEventTrigger(removed)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert calls == ["first", "second"]


def test_running_becomes_true_during_startup(reactor):
    seen = []
    for phase in PHASES:
        reactor.addSystemEventTrigger(phase, "startup", lambda: seen.append(bool(reactor.running)))
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert seen == [False, True, True]


def test_shutdown_triggers_see_a_running_reactor_before_and_a_stopped_one_after(reactor):
    seen = {}
    for phase in ("before", "after"):
        reactor.addSystemEventTrigger(phase, "shutdown", lambda phase=phase: seen.update({phase: reactor.running}))
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert seen == {"before": True, "after": False}


def test_connections_are_cut_during_shutdown(reactor, connect):
    pair = connect()
    pair.establish()
    for phase in ("before", "after"):
        reactor.addSystemEventTrigger(phase, "shutdown", pair.events.append, phase)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    before, after = pair.events.index("before"), pair.events.index("after")
    lost = [index for index, event in enumerate(pair.events) if "lost" in event]
    assert len(lost) == 2 and all(before < index < after for index in lost)


def test_a_before_trigger_added_by_a_before_trigger_runs_too(reactor):
    calls = []
    reactor.addSystemEventTrigger(
        "before", "coffee", lambda: reactor.addSystemEventTrigger("before", "coffee", calls.append, "added")
    )
    reactor.fireSystemEvent("coffee")
    run_until(reactor, lambda: calls)
