"""The loop as a whole: run, stop, crash, iterate, and what survives a handler that raises."""

import pytest

from reactor.error import ConnectionLost, ReactorAlreadyRunning, ReactorNotRunning
from tests.support.loopback import Client, Server, run, run_until, turn


def test_a_reactor_is_not_running_until_run(reactor):
    assert not reactor.running


def test_running_is_true_while_it_runs_and_false_afterwards(reactor):
    seen = []
    reactor.callWhenRunning(lambda: seen.append(reactor.running))
    reactor.callLater(0, lambda: (seen.append(reactor.running), reactor.stop(), seen.append(reactor.running)))
    run(reactor)
    seen.append(reactor.running)
    assert [bool(item) for item in seen if item is not None] == [True, True, True, False]


def test_run_returns_after_stop(reactor):
    reactor.callLater(0, reactor.stop)
    run(reactor)
    assert not reactor.running


def test_stop_from_callWhenRunning_stops(reactor):
    reactor.callWhenRunning(reactor.stop)
    run(reactor)


def test_stop_without_run_is_an_error(reactor):
    with pytest.raises(ReactorNotRunning):
        reactor.stop()


def test_stop_after_the_run_is_an_error(reactor):
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    with pytest.raises(ReactorNotRunning):
        reactor.stop()


def test_stopping_twice_is_an_error(reactor):
    raised = []

    def stop_twice():
        reactor.stop()
        with pytest.raises(ReactorNotRunning):
            reactor.stop()
        raised.append(True)

    reactor.callWhenRunning(stop_twice)
    run(reactor)
    assert raised == [True]


def test_run_inside_run_is_an_error(reactor):
    raised = []

    def run_again():
        with pytest.raises(ReactorAlreadyRunning):
            reactor.run()
        raised.append(reactor.running)
        reactor.stop()

    reactor.callWhenRunning(run_again)
    run(reactor)
    assert raised == [True]


@pytest.mark.own_promise("it can't run again at all")
@pytest.mark.parametrize("phase", ["before", "during", "after"])
def test_run_in_a_trigger_of_the_shutdown_is_an_error(reactor, phase):
    raised = []

    def run_again():
        with pytest.raises(ReactorAlreadyRunning):
            reactor.run()
        raised.append(reactor.running)

    reactor.addSystemEventTrigger(phase, "shutdown", run_again)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert raised == [phase == "before"]
    reactor.callWhenRunning(reactor.stop)
    run(reactor)


@pytest.mark.own_promise("it can't run again at all")
def test_run_right_after_crash_in_the_same_handler_is_an_error(reactor):
    raised = []

    def run_again():
        reactor.crash()
        with pytest.raises(ReactorAlreadyRunning):
            reactor.run()
        raised.append(reactor.running)

    reactor.callWhenRunning(run_again)
    run(reactor)
    assert raised == [False]


def test_the_turn_in_which_stop_was_called_is_finished(reactor):
    calls = []
    reactor.callLater(0, reactor.stop)
    reactor.callLater(0, calls.append, "same turn")
    run(reactor)
    assert calls == ["same turn"]


def test_a_timer_set_for_later_does_not_keep_the_loop_from_stopping(reactor):
    later = reactor.callLater(1000, lambda: None)
    reactor.callLater(0, reactor.stop)
    run(reactor)
    assert later.active()
    later.cancel()


def test_crash_ends_the_run_without_shutdown_triggers(reactor):
    calls = []
    reactor.addSystemEventTrigger("before", "shutdown", calls.append, "before shutdown")
    reactor.callLater(0, reactor.crash)
    run(reactor)
    assert calls == [] and not reactor.running


def test_crash_in_a_timer_still_finishes_the_turn(reactor):
    calls = []
    reactor.callLater(0, reactor.crash)
    reactor.callLater(0, calls.append, "same turn")
    run(reactor)
    assert calls == ["same turn"]


def test_a_reactor_runs_again_after_crash(reactor):
    for _ in range(2):
        reactor.callWhenRunning(reactor.crash)
        run(reactor)


@pytest.mark.own_promise("it raises ReactorNotRestartable")
def test_a_reactor_runs_again_after_stop(reactor):
    calls = []
    for number in range(3):
        reactor.callWhenRunning(calls.append, number)
        reactor.callLater(0, reactor.stop)
        run(reactor)
    assert calls == [0, 1, 2]


@pytest.mark.own_promise("it raises ReactorNotRestartable")
def test_a_second_run_serves_connections_like_the_first(reactor, listen):
    for _ in range(2):
        server = Server("server", made=lambda talker: talker.transport.loseConnection())
        port = listen(server)
        client = Client("client", gone=lambda connector, reason: reactor.stop())
        reactor.connectTCP("127.0.0.1", port.getHost().port, client)
        run(reactor)
        assert client.events == [
            "client started",
            "client made",
            "client lost ConnectionDone",
            "client gone ConnectionDone",
        ]


@pytest.mark.own_promise("it raises ReactorNotRestartable")
def test_timers_left_by_one_run_wait_for_the_next(reactor):
    calls = []
    later = reactor.callLater(1000, lambda: (calls.append("later"), reactor.stop()))
    reactor.callLater(0, reactor.stop)
    run(reactor)
    assert later.active() and calls == []
    later.reset(0)
    run(reactor)
    assert calls == ["later"]


def test_iterate_does_one_turn_without_run(reactor):
    calls = []
    reactor.callLater(0, calls.append, 1)
    reactor.iterate()
    assert calls == [1] and not reactor.running


def test_iterate_with_nothing_to_do_returns(reactor):
    turn(reactor, 3)


def test_iterate_inside_a_handler_runs_the_other_timers(reactor):
    calls = []

    def nested():
        calls.append("outer starts")
        reactor.callLater(0, calls.append, "inner")
        reactor.iterate()
        calls.append("outer ends")

    reactor.callLater(0, nested)
    run_until(reactor, lambda: len(calls) == 3)
    assert calls == ["outer starts", "inner", "outer ends"]


def test_a_timer_that_raises_does_not_end_the_run(reactor, logged_errors):
    calls = []
    reactor.callLater(0, lambda: 1 / 0)
    reactor.callLater(0.001, lambda: (calls.append("still here"), reactor.stop()))
    run(reactor)
    assert calls == ["still here"]
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_callWhenRunning_before_run_that_raises_is_logged(reactor, logged_errors):
    reactor.callWhenRunning(lambda: 1 / 0)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_callWhenRunning_before_the_reactor_runs_waits_even_when_startup_has_begun(reactor):
    seen = []
    reactor.addSystemEventTrigger(
        "before", "startup", lambda: reactor.callWhenRunning(lambda: seen.append(bool(reactor.running)))
    )
    reactor.callLater(0, reactor.stop)
    run(reactor)
    assert seen == [True]


def test_two_reactors_do_not_share_timers_or_sockets(make_reactor):
    first, second, calls = make_reactor(), make_reactor(), []
    call = first.callLater(0, calls.append, 1)
    turn(second, 2)
    assert calls == [] and list(second.getDelayedCalls()) == []
    call.cancel()


def test_stop_disconnects_what_is_still_connected(reactor, connect):
    pair = connect()
    server, client = pair.establish()
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert {server.reason.type.__name__, client.reason.type.__name__} <= {"ConnectionLost", "ConnectionDone"}
    assert "client gone ConnectionLost" in pair.events or "client gone ConnectionDone" in pair.events


def test_stop_closes_listening_ports_and_stops_their_factories(reactor, listen):
    server = Server("server")
    listen(server)
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    assert server.numPorts == 0


class Descriptor:
    """A reader and writer that only counts; enough for the bookkeeping of a reactor."""

    def __init__(self, socket):
        self.socket = socket
        self.reads = self.writes = 0
        self.lost = []

    def fileno(self):
        return self.socket.fileno()

    def logPrefix(self):
        return "descriptor"

    def doRead(self):
        self.reads += 1

    def doWrite(self):
        self.writes += 1

    def connectionLost(self, reason):
        self.lost.append(reason)


@pytest.fixture
def descriptors():
    """Two ends of a socket pair, as descriptors."""
    import socket

    near, far = socket.socketpair()
    yield Descriptor(near), Descriptor(far)
    near.close()
    far.close()


def test_addReader_calls_doRead_while_there_is_something_to_read(reactor, descriptors):
    near, far = descriptors
    reactor.addReader(near)
    reactor.addReader(near)
    turn(reactor, 2)
    assert near.reads == 0 and near in reactor.getReaders()
    far.socket.send(b"x")
    turn(reactor, 2)
    assert near.reads == 2
    reactor.removeReader(near)
    reactor.removeReader(near)
    turn(reactor)
    assert near.reads == 2 and near not in reactor.getReaders()


def test_addWriter_calls_doWrite_while_there_is_room(reactor, descriptors):
    near, _ = descriptors
    reactor.addWriter(near)
    assert near in reactor.getWriters()
    turn(reactor, 2)
    reactor.removeWriter(near)
    reactor.removeWriter(near)
    turn(reactor)
    assert near.writes == 2 and near.reads == 0 and near not in reactor.getWriters()


def test_one_descriptor_can_read_and_write(reactor, descriptors):
    near, far = descriptors
    far.socket.send(b"x")
    reactor.addReader(near)
    reactor.addWriter(near)
    turn(reactor)
    assert (near.reads, near.writes) == (1, 1)
    reactor.removeWriter(near)
    turn(reactor)
    assert (near.reads, near.writes) == (2, 1)
    reactor.removeReader(near)


def test_removeAll_returns_what_it_removed(reactor, descriptors):
    near, far = descriptors
    reactor.addReader(near)
    reactor.addWriter(near)
    reactor.addWriter(far)
    removed = reactor.removeAll()
    assert set(removed) == {near, far} and len(removed) == 2
    assert near not in reactor.getReaders() and reactor.getWriters() == []


def test_a_descriptor_whose_doRead_raises_is_logged_and_lost(reactor, descriptors, logged_errors):
    near, far = descriptors
    near.doRead = lambda: 1 / 0
    reactor.addReader(near)
    far.socket.send(b"x")
    run_until(reactor, lambda: near.lost)
    assert near.lost[0].check(ZeroDivisionError)
    assert near not in reactor.getReaders()
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


@pytest.mark.parametrize("method", ["doRead", "doWrite"])
def test_a_descriptor_that_raises_is_neither_read_nor_written_any_more(reactor, descriptors, logged_errors, method):
    near, far = descriptors
    setattr(near, method, lambda: 1 / 0)
    reactor.addReader(near)
    reactor.addWriter(near)
    far.socket.send(b"x")
    run_until(reactor, lambda: near.lost)
    assert near not in reactor.getReaders() and near not in reactor.getWriters()
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


@pytest.mark.parametrize("method", ["doRead", "doWrite"])
def test_a_descriptor_that_returns_an_exception_is_told_so(reactor, descriptors, method):
    near, far = descriptors
    ending = ConnectionLost()
    setattr(near, method, lambda: ending)
    reactor.addReader(near)
    reactor.addWriter(near)
    far.socket.send(b"x")
    run_until(reactor, lambda: near.lost)
    assert [reason.type for reason in near.lost] == [ConnectionLost]
    assert near not in reactor.getReaders() and near not in reactor.getWriters()


def test_a_descriptor_removed_by_another_in_the_same_turn_is_not_called(reactor, descriptors):
    near, far = descriptors
    near.socket.send(b"x")
    far.socket.send(b"x")
    calls = []
    near.doRead = lambda: (calls.append("near"), reactor.removeReader(far))
    far.doRead = lambda: (calls.append("far"), reactor.removeReader(near))
    reactor.addReader(near)
    reactor.addReader(far)
    turn(reactor)
    assert len(calls) == 1
    reactor.removeAll()
