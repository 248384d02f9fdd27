"""Whatever a program asks for is done at once, although the loop would otherwise wait for the network.

These go through reactor.run() with nothing else to wake the loop: if it began to wait first, the deadline would end
the test.
"""

import math
import threading

import pytest

from reactor.protocol import Protocol, ServerFactory
from tests.support import loops
from tests.support.loopback import Client, run, run_until


def in_a_timer(reactor, action):
    reactor.callLater(0, action)


def in_a_timer_of_some_length(reactor, action):
    reactor.callLater(0.01, action)


def when_running(reactor, action):
    reactor.callWhenRunning(action)


def in_a_call_from_this_thread(reactor, action):
    reactor.callLater(0, reactor.callFromThread, action)


def in_a_call_from_another_thread(reactor, action):
    threads = threading.Thread(target=reactor.callFromThread, args=(action,))
    reactor.callWhenRunning(threads.start)
    reactor.addSystemEventTrigger("before", "shutdown", threads.join)


def in_a_startup_trigger(reactor, action):
    reactor.addSystemEventTrigger("during", "startup", action)


CONTEXTS = [
    in_a_timer,
    in_a_timer_of_some_length,
    when_running,
    in_a_call_from_this_thread,
    in_a_call_from_another_thread,
    in_a_startup_trigger,
]
in_every_context = pytest.mark.parametrize("context", CONTEXTS, ids=lambda function: function.__name__)


@in_every_context
def test_a_write_leaves(reactor, connect, context):
    pair = connect(server={"data": lambda talker, data: reactor.stop()})
    _, client = pair.establish()
    context(reactor, lambda: client.transport.write(b"x"))
    run(reactor)


@in_every_context
def test_loseConnection_takes_effect(reactor, connect, context):
    pair = connect(server={"lost": lambda talker, reason: reactor.stop()})
    _, client = pair.establish()
    context(reactor, client.transport.loseConnection)
    run(reactor)
    assert client.reason.type.__name__ == "ConnectionDone"


@in_every_context
def test_abortConnection_takes_effect(reactor, connect, context):
    pair = connect(client={"lost": lambda talker, reason: reactor.stop()})
    _, client = pair.establish()
    context(reactor, client.transport.abortConnection)
    run(reactor)


@in_every_context
def test_resumeProducing_takes_effect(reactor, connect, context):
    pair = connect(server={"data": lambda talker, data: reactor.stop()})
    server, client = pair.establish()
    server.transport.pauseProducing()
    client.transport.write(b"x")
    reactor.iterate(0)
    reactor.iterate(0)
    context(reactor, server.transport.resumeProducing)
    run(reactor)


@in_every_context
def test_connectTCP_connects(reactor, listen, context):
    class Stop(Protocol):
        def connectionMade(self):
            reactor.stop()

    port = listen(ServerFactory.forProtocol(Stop))
    context(reactor, lambda: reactor.connectTCP("127.0.0.1", port.getHost().port, Client("client")) and None)
    run(reactor)


@in_every_context
def test_a_new_timer_runs(reactor, context):
    context(reactor, lambda: reactor.callLater(0.01, reactor.stop) and None)
    run(reactor)


@in_every_context
def test_a_timer_brought_forward_runs(reactor, context):
    far = reactor.callLater(1000, reactor.stop)
    context(reactor, lambda: far.reset(0))
    run(reactor)


@in_every_context
def test_stop_stops(reactor, context):
    context(reactor, reactor.stop)
    run(reactor)


@in_every_context
def test_stopListening_completes(reactor, listen, context):
    port = listen(ServerFactory.forProtocol(Protocol))

    def stop():
        port.stopListening().addCallback(lambda _: reactor.stop())

    context(reactor, stop)
    run(reactor)


def test_a_write_in_dataReceived_leaves(reactor, connect):
    pair = connect(
        server={"data": lambda talker, data: talker.transport.write(data)},
        client={"data": lambda talker, data: reactor.stop()},
    )
    _, client = pair.establish()
    reactor.callWhenRunning(client.transport.write, b"x")
    run(reactor)


def test_a_write_in_connectionLost_of_another_connection_leaves(reactor, connect):
    first, second = connect(), connect(server={"data": lambda talker, data: reactor.stop()})
    _, dying = first.establish()
    _, living = second.establish()
    dying.hooks["lost"] = lambda talker, reason: living.transport.write(b"x")
    reactor.callWhenRunning(dying.transport.loseConnection)
    run(reactor)


def test_the_callback_of_stopListening_may_write(reactor, connect):
    pair = connect(server={"data": lambda talker, data: reactor.stop()})
    _, client = pair.establish()
    reactor.callWhenRunning(
        lambda: pair.port.stopListening().addCallback(lambda _: client.transport.write(b"x")) and None
    )
    run(reactor)


ages = pytest.mark.parametrize("delay", [1e7, 1e10, 1e300, math.inf])


@ages
def test_a_timer_that_is_ages_away_does_not_disturb_the_poller(reactor, delay):
    far = reactor.callLater(delay, lambda: None)
    thread = threading.Thread(target=reactor.callFromThread, args=(reactor.stop,))
    reactor.callWhenRunning(thread.start)
    reactor.run(installSignalHandlers=False)
    thread.join()
    assert far.active()
    far.cancel()


@ages
@pytest.mark.own_promise("how long it waits at once is ours to know")
@pytest.mark.parametrize("make_reactor", loops.here(without=loops.FOREIGN), indirect=True)
def test_a_poller_waits_no_longer_than_it_can_count(reactor, monkeypatch, delay):
    """They take milliseconds in a C int. (Whether the loop gets to wait in the test above is a matter of luck.)"""
    poller, waits = reactor.descriptors.poller, []
    poll = poller.poll

    def noting(timeout):
        waits.append(timeout)
        reactor.stop()
        return poll(0)

    monkeypatch.setattr(poller, "poll", noting)
    far = reactor.callLater(delay, lambda: None)
    reactor.run(installSignalHandlers=False)
    assert 3600 <= waits[0] < 2**31 / 1000
    far.cancel()


def test_a_timer_reset_to_now_by_another_waits_for_the_next_turn(reactor):
    calls = []
    far = reactor.callLater(1000, calls.append, "far")
    reactor.callLater(0, lambda: (far.reset(0), calls.append("reset")))
    reactor.iterate(0)
    assert calls == ["reset"]
    run_until(reactor, lambda: calls == ["reset", "far"])


def test_getDelayedCalls_inside_a_timer_lists_the_others_of_its_turn(reactor):
    seen = []
    first = reactor.callLater(0, lambda: seen.append(list(reactor.getDelayedCalls())))
    second = reactor.callLater(0, lambda: None)
    reactor.iterate(0)
    assert not first.active() and seen == [[second]]
