"""Watching a reactor: handlers that hold the loop, what is still open, and the table of what it holds."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from reactor import debug, defer
from tests.support.loopback import Server, run

pytestmark = pytest.mark.own_promise("the debug mode is ours")


@pytest.fixture
def said():
    return []


def test_a_handler_that_takes_too_long_is_named_with_its_line(said):
    def handler():
        while not stopwatch._where:  # until the watching thread has seen enough
            os.sched_yield()

    stopwatch = debug.Stopwatch(iter(range(1_000_000)).__next__, 0.5, said.append)
    with stopwatch.running(), stopwatch.timing():
        handler()
    [text] = said
    assert "a handler held the loop for" in text and f"it was at {__file__}:" in text and "in handler" in text


@pytest.mark.parametrize(("slow_s", "reports"), [(-1, True), (1000, False)])
def test_every_kind_of_handler_is_timed(reactor, said, slow_s, reports):
    debug.watch(reactor, said.append, slow_s)
    reactor.callLater(0, lambda: reactor.callFromThread(reactor.stop))
    run(reactor)
    held = [text for text in said if "held the loop" in text]
    assert len(held) == (3 if reports else 0)  # the timer, the waker that the call from a thread rings, the call


def test_handlers_of_connections_are_timed_too(reactor, connect, said):
    debug.watch(reactor, said.append, -1)
    pair = connect()
    _, client = pair.establish()
    client.transport.loseConnection()
    pair.run_until_lost()
    assert len([text for text in said if "held the loop" in text]) > 4


def test_what_is_open_at_stop_is_told(reactor, listen, said):
    port = listen(Server("server"))
    debug.watch(reactor, said.append, 1000)
    call = reactor.callLater(50, print, "never")
    reactor.callWhenRunning(reactor.stop)
    run(reactor)
    call.cancel()
    [text] = said
    assert text.startswith("still open when it was told to stop:\n")
    assert "port        <Port of Server on" in text and "print('never')" in text
    assert not port.connected


def test_nothing_is_told_when_nothing_is_open(reactor, said):
    debug.watch(reactor, said.append, 1000)
    reactor.callWhenRunning(reactor.stop)
    reactor.run()
    assert said == []
    assert debug.ps(reactor) == "nothing is open, and nothing is waited for"


def test_ps_shows_connections_with_what_waits_in_them(reactor, connect):
    pair = connect()
    server, client = pair.establish()
    server.transport.pauseProducing()
    client.transport.write(b"12345")
    table = debug.ps(reactor)
    assert "5 bytes wait\n" in table + "\n" and "0 bytes wait, not reading" in table
    assert f":{client.transport.getHost().port}" in table


def test_ps_shows_the_line_that_made_a_deferred_which_waits(reactor):
    defer.setDebugging(True)
    try:
        waiting, done = defer.Deferred(), defer.succeed(None)
    finally:
        defer.setDebugging(False)
    lines = [line for line in debug.ps(reactor).splitlines() if line.startswith("Deferred") and __file__ in line]
    assert len(lines) == 1 and done.called
    waiting.callback(None)


PROGRAM = """
import os, signal
from reactor import reactor
reactor.callWhenRunning(os.kill, os.getpid(), signal.SIGUSR1)
reactor.callLater(0, reactor.stop)
reactor.run()
print("done", signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no SIGUSR1")
@pytest.mark.parametrize(("value", "seen"), [("1", True), ("0", False), ("", False)])
def test_the_variable_turns_it_on_and_the_signal_asks(value, seen):
    program = PROGRAM if seen else PROGRAM.replace("SIGUSR1)\n", "SIGCONT)\n", 1)
    result = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"REACTOR_DEBUG": value}, capture_output=True, text=True,
        timeout=30, check=True,
    )  # fmt: skip
    assert result.stdout == "done True\n"
    assert ("reactor: " in result.stderr) is seen


def test_callLater_from_another_thread_is_refused_with_the_way_out(reactor, said):
    debug.watch(reactor, said.append, 1000)
    problems = []

    def in_thread():
        try:
            reactor.callLater(0, reactor.stop)
        except RuntimeError as problem:
            problems.append(str(problem))
        reactor.callFromThread(reactor.callLater, 0, reactor.stop)

    thread = threading.Thread(target=in_thread, name="helper")
    reactor.callWhenRunning(thread.start)
    run(reactor)
    thread.join()
    [problem] = problems
    assert "'helper'" in problem and "reactor.callFromThread(reactor.callLater, 0, " in problem
    reactor.callLater(0, list).cancel()  # before and after a run, whoever made the reactor may ask
