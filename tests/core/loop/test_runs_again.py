"""What a run leaves behind for the next one, and shutdowns that wait for something."""

import pytest

from reactor.defer import Deferred
from tests.support.loopback import run, turn


@pytest.mark.own_promise("its reactor runs once")
def test_a_shutdown_that_a_crash_forestalled_is_not_the_next_runs(reactor):
    events = []
    reactor.addSystemEventTrigger("before", "shutdown", events.append, "shutdown")
    reactor.callWhenRunning(lambda: (reactor.stop(), reactor.crash()))
    run(reactor)
    before = list(events)
    reactor.callWhenRunning(lambda: reactor.callLater(0, lambda: (events.append("runs"), reactor.crash())))
    run(reactor)
    assert events == [*before, "runs"]


@pytest.mark.own_promise("it leaves the failure to the garbage collector")
def test_a_failure_that_a_shutdown_waited_for_is_logged_and_it_goes_on(reactor, logged_errors):
    waited_for, events = Deferred(), []
    reactor.addSystemEventTrigger("before", "shutdown", lambda: waited_for)
    reactor.addSystemEventTrigger("after", "shutdown", events.append, "after")
    reactor.callWhenRunning(reactor.stop)
    reactor.callLater(0.001, lambda: waited_for.errback(ZeroDivisionError()))
    run(reactor)
    assert events == ["after"]
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


@pytest.mark.own_promise("it has no such thing")
def test_a_deferred_that_fires_after_a_shutdown_stopped_waiting_is_no_second_end():
    from reactor.core.loop.triggers import SystemEvent

    late, events = Deferred(), []
    event = SystemEvent(lambda: events.append("essence"))
    event.add("before", lambda: late, (), {})
    event.add("after", events.append, ("after",), {})
    event.fire()
    assert (event.stop_waiting(), events) == (1, ["essence", "after"])
    assert event.stop_waiting() == 0
    late.callback(None)
    assert events == ["essence", "after"]


@pytest.mark.own_promise("in Twisted it is tried at once")
def test_a_connection_that_can_not_be_tried_fails_in_the_turn_that_follows(reactor):
    from tests.support.loopback import Client

    client = Client("client")
    reactor.connectTCP("127.0.0.1", 1, client, bindAddress=("192.0.2.1", 0))
    assert client.reason is None
    turn(reactor, 3)
    assert client.reason is not None


@pytest.mark.own_promise("its reactor runs once")
def test_after_a_handler_that_was_interrupted_it_runs_again_as_if_nothing_had_been(reactor):
    def interrupted():
        raise KeyboardInterrupt

    reactor.callLater(0, interrupted)
    with pytest.raises(KeyboardInterrupt):
        reactor.run()
    assert not reactor.running
    order = []
    reactor.callWhenRunning(lambda: reactor.callLater(0, lambda: (order.append("runs"), reactor.stop())))
    run(reactor)
    assert order == ["runs"]
