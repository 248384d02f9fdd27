"""Ctrl-C and kill: they end a run as stop() does, and the process has its own handlers back afterwards."""

import os
import signal
import threading

import pytest

from tests.support import loops, oracle
from tests.support.loopback import run

SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.fixture(autouse=True)
def same_handlers_afterwards():
    """Starts from Python's own handlers: a test run in the background of a shell begins with SIGINT ignored."""
    inherited = [
        signal.signal(signal.SIGINT, signal.default_int_handler),
        signal.signal(signal.SIGTERM, signal.SIG_DFL),
    ]
    yield
    after = [signal.getsignal(number) for number in SIGNALS]
    wakeup = signal.set_wakeup_fd(-1)
    for number, handler in zip(SIGNALS, inherited, strict=True):
        signal.signal(number, handler)
    assert wakeup == -1
    if not oracle.installed():  # Twisted leaves its handlers in place: https://github.com/twisted/twisted/issues/11761
        assert after == [signal.default_int_handler, signal.SIG_DFL]


def kill_this_process(number):
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_run_and_runs_the_shutdown_triggers(reactor, number):
    calls = []
    reactor.addSystemEventTrigger("before", "shutdown", calls.append, "shutdown")
    reactor.callLater(0, kill_this_process, number)
    run(reactor)
    assert calls == ["shutdown"] and not reactor.running


@pytest.mark.only_linux
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_wakes_a_loop_that_waits_in_its_poller(reactor, number):
    """The thread sends the signal once the kernel says that the main thread sleeps."""
    main = threading.get_native_id()

    def kill_when_asleep():
        while not is_asleep(main):
            os.sched_yield()
        kill_this_process(number)

    thread = threading.Thread(target=kill_when_asleep)
    reactor.callLater(0, thread.start)
    run(reactor)
    thread.join()


def is_asleep(thread_id):
    with open(f"/proc/self/task/{thread_id}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "S"


@pytest.mark.own_promise("it sets it when signals end the run alone, and by another way")
def test_while_it_runs_signals_wake_it_and_afterwards_nobody(reactor):
    found = []

    def look():
        found.append(signal.set_wakeup_fd(-1))
        signal.set_wakeup_fd(found[0], warn_on_full_buffer=False)
        reactor.stop()

    reactor.callLater(0, look)
    run(reactor)
    assert found[0] >= 0 and signal.set_wakeup_fd(-1) == -1


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_during_startup_ends_the_run_as_soon_as_it_has_begun(reactor, number):
    reactor.callWhenRunning(kill_this_process, number)
    run(reactor)


def test_two_signals_stop_only_once(reactor, logged_errors):
    reactor.callLater(0, lambda: (kill_this_process(signal.SIGTERM), reactor.stop()))
    run(reactor)
    logged_errors.flush(Exception)


def test_a_handler_of_the_program_for_sigint_stays(reactor):
    received = []
    previous = signal.signal(signal.SIGINT, lambda number, frame: (received.append(number), reactor.stop()))
    try:
        reactor.callLater(0, kill_this_process, signal.SIGINT)
        run(reactor)
        assert received == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, previous)


def test_without_installSignalHandlers_the_handlers_stay(reactor):
    before, during = [signal.getsignal(number) for number in SIGNALS], []

    def look():
        during.extend(signal.getsignal(number) for number in SIGNALS)
        reactor.stop()

    reactor.callWhenRunning(look)
    run(reactor, installSignalHandlers=False)
    assert during == before


def test_handlers_are_in_place_when_callWhenRunning_calls(reactor):
    before, during = [signal.getsignal(number) for number in SIGNALS], []

    def look():
        during.extend(signal.getsignal(number) for number in SIGNALS)
        reactor.stop()

    reactor.callWhenRunning(look)
    run(reactor)
    assert all(new is not old for new, old in zip(during, before, strict=True))


def test_a_crash_restores_the_handlers_too(reactor):
    reactor.callLater(0, reactor.crash)
    run(reactor)


@pytest.mark.own_promise("it cannot run again")
def test_a_signal_ends_the_second_run_as_it_ended_the_first(reactor):
    for _ in range(2):
        reactor.callLater(0, kill_this_process, signal.SIGINT)
        run(reactor)


@pytest.mark.parametrize("make_reactor", loops.here(without=["glib", "qt"]), indirect=True)  # they keep to one thread
def test_a_reactor_runs_in_a_thread_that_may_not_install_handlers(reactor):
    reactor.callLater(0, reactor.stop)
    thread = threading.Thread(target=reactor.run, kwargs={"installSignalHandlers": False})
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
