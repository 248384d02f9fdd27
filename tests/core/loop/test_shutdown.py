"""What becomes of everything that is open when the reactor stops, and of a stop in odd moments."""

import socket
import sys

import pytest

from reactor.defer import Deferred
from reactor.error import ConnectionLost, ReactorNotRunning
from tests.support.loopback import Client, Server, run, run_until, stop_listening


def stop_and_run(reactor):
    reactor.callWhenRunning(reactor.stop)
    run(reactor)


def test_both_ends_of_a_connection_are_lost_uncleanly(reactor, connect):
    pair = connect()
    server, client = pair.establish()
    stop_and_run(reactor)
    assert server.reason.type is client.reason.type is ConnectionLost
    assert "client gone ConnectionLost" in pair.events


def test_an_attempt_to_connect_fails(reactor):
    with socket.socket() as listener, socket.socket() as first:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        first.connect(listener.getsockname())
        client = Client("client")
        reactor.connectTCP("127.0.0.1", listener.getsockname()[1], client)
        reactor.iterate(0)
        stop_and_run(reactor)
        assert client.events == ["client started", "client failed ConnectError"]
    assert [call for call in reactor.getDelayedCalls() if call.active()] == []


@pytest.mark.own_promise("it forgets transports that neither read nor write")
def test_a_paused_connection_is_lost_too(reactor, connect):
    pair = connect()
    server, _ = pair.establish()
    server.transport.pauseProducing()
    stop_and_run(reactor)
    assert server.reason.type is ConnectionLost


def test_what_waits_to_be_sent_is_dropped(reactor, connect):
    pair = connect()
    server, client = pair.establish()
    server.transport.pauseProducing()
    client.transport.write(bytes(20_000_000))
    reactor.iterate(0)
    stop_and_run(reactor)
    assert client.reason.type is ConnectionLost
    server.transport.abortConnection()
    run_until(reactor, lambda: server.reason)


def test_connectionLost_that_raises_does_not_keep_the_others_open(reactor, connect, logged_errors):
    first, second = connect(server={"lost": lambda talker, reason: 1 / 0}), connect()
    first.establish()
    second.establish()
    stop_and_run(reactor)
    assert second.server.talker.reason and second.client.talker.reason
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_a_clean_goodbye_is_possible_before_shutdown(reactor, connect):
    pair = connect()
    _, client = pair.establish()
    goodbye = Deferred()
    client.hooks["lost"] = lambda talker, reason: goodbye.callback(None)

    def leave():
        client.transport.write(b"goodbye")
        client.transport.loseConnection()
        return goodbye

    reactor.addSystemEventTrigger("before", "shutdown", leave)
    stop_and_run(reactor)
    assert pair.client.reason.type.__name__ == "ConnectionDone"


def test_stopping_a_port_before_shutdown_is_waited_for(reactor, listen):
    server = Server("server")
    port = listen(server)
    seen = []
    reactor.addSystemEventTrigger("before", "shutdown", port.stopListening)
    reactor.addSystemEventTrigger("during", "shutdown", lambda: seen.append(server.numPorts))
    stop_and_run(reactor)
    assert seen == [0]


def test_a_port_that_the_shutdown_closed_can_be_stopped(reactor, listen):
    port = listen(Server("server"))
    stop_and_run(reactor)
    stop_listening(reactor, port)


def test_stop_in_a_trigger_before_startup_ends_the_run(reactor):
    calls = []
    reactor.addSystemEventTrigger("before", "startup", reactor.stop)
    reactor.addSystemEventTrigger("before", "shutdown", calls.append, "shutdown")
    run(reactor)
    assert calls == ["shutdown"]


def test_crash_in_callWhenRunning_ends_the_run(reactor):
    reactor.callWhenRunning(reactor.crash)
    run(reactor)
    assert not reactor.running


def test_stop_in_a_shutdown_trigger_is_an_error(reactor, logged_errors):
    reactor.addSystemEventTrigger("before", "shutdown", reactor.stop)
    stop_and_run(reactor)
    assert len(logged_errors.flush(ReactorNotRunning)) == 1


@pytest.mark.parametrize("phase", ["before", "during", "after"])
def test_a_trigger_added_by_one_of_the_same_phase_runs_too(reactor, phase):
    calls = []

    def first():
        calls.append("first")
        reactor.addSystemEventTrigger(phase, "shutdown", calls.append, "added")

    reactor.addSystemEventTrigger(phase, "shutdown", first)
    stop_and_run(reactor)
    assert calls == ["first", "added"]


def test_a_timer_that_is_due_still_runs_while_before_shutdown_is_waited_for(reactor):
    waiting, calls = Deferred(), []
    reactor.addSystemEventTrigger("before", "shutdown", lambda: waiting)
    reactor.callLater(0.01, lambda: (calls.append("timer"), waiting.callback(None)))
    stop_and_run(reactor)
    assert calls == ["timer"]


def test_SystemExit_in_a_handler_is_logged_and_the_loop_goes_on(reactor, logged_errors):
    reactor.callLater(0, sys.exit, 3)
    reactor.callLater(0.001, reactor.stop)
    run(reactor)
    assert len(logged_errors.flush(SystemExit)) == 1
