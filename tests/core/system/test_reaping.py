"""How the end of a child is noticed and its zombie laid to rest, on each of the two ways that there are."""

import os
import resource
import signal
import threading

import pytest

from reactor.error import ProcessExitedAlready, ProcessTerminated
from tests.support import loops
from tests.support.loopback import run, run_until
from tests.support.processes import Noting, has_children, no_child_left, run_process  # noqa: F401

pytestmark = [
    pytest.mark.not_only_sockets,
    pytest.mark.own_promise("Twisted relies on SIGCHLD, in the main thread and in run() alone"),
    pytest.mark.usefixtures("no_child_left", "way"),
]


@pytest.fixture(params=["pidfd", "thread"])
def way(request, monkeypatch, make_reactor):
    """The kernel's descriptor for a child, and what serves where there is none. Its threads end before leaks count."""
    if request.param == "thread":
        monkeypatch.delattr(os, "pidfd_open", raising=False)
    yield
    for thread in threading.enumerate():
        if thread.name == "wait for a child":
            thread.join(10)


def test_the_end_comes_with_its_status(reactor):
    def made(child):
        child.transport.closeStdin()

    assert run_process(reactor, "/bin/sh", "-c", "read x; exit 3", hooks={"made": made}).reasons["ended"].exitCode == 3


def test_the_end_comes_when_there_is_nothing_else_to_notice_it_by(reactor):
    process = reactor.spawnProcess(None, "/bin/sh", ["sh", "-c", "exit 4"], childFDs={})
    run_until(reactor, lambda: process.pid is None)
    assert os.waitstatus_to_exitcode(process.status) == 4


@pytest.mark.parametrize("make_reactor", loops.here(without=["glib", "qt"]), indirect=True)  # these keep to one thread
def test_the_loop_needs_no_signal_and_may_run_in_any_thread(reactor):
    protocol = Noting(reactor)

    def elsewhere():
        reactor.spawnProcess(protocol, "/bin/cat", ["cat"])
        protocol.transport.closeStdin()
        run(reactor, installSignalHandlers=False)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join(20)
    assert protocol.events[-1] == "ended"


def test_a_handler_for_SIGCHLD_is_left_alone(reactor):
    seen = []
    before = signal.signal(signal.SIGCHLD, lambda *args: seen.append(True))
    try:
        assert run_process(reactor, "/bin/true").events[-1] == "ended"
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert seen


def test_a_child_that_somebody_else_collects_ends_without_a_status(reactor):
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # has the kernel collect all children
    try:
        protocol = run_process(reactor, "/bin/true")
    finally:
        signal.signal(signal.SIGCHLD, before)
    reason = protocol.reasons["ended"]
    assert type(reason) is ProcessTerminated
    assert (reason.exitCode, reason.signal, reason.status) == (None, None, None)


def test_a_process_that_is_gone_and_not_yet_collected_can_be_signalled_without_harm(reactor):
    protocol = Noting(reactor)
    process = reactor.spawnProcess(protocol, "/bin/true", ["true"])
    try:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        process.signalProcess("KILL")
    except (ChildProcessError, ProcessExitedAlready):
        pass  # the thread was quicker to collect it
    run(reactor)
    assert protocol.reasons["ended"].exitCode == 0


def test_a_child_that_outlives_the_reactor_leaves_no_zombie(reactor):
    def made(child):
        reactor.callWhenRunning(reactor.stop)

    protocol = Noting(reactor, made=made)
    reading, writing = os.pipe()
    process = reactor.spawnProcess(protocol, "/bin/cat", ["cat"], childFDs={0: reading, 1: "r"})
    os.close(reading)
    run(reactor)
    assert protocol.events == ["made", "lost out"]  # as for every transport at the end; the process is still there
    os.kill(process.pid, 0)
    os.close(writing)
    for thread in threading.enumerate():
        if thread.name == "wait for a child":
            thread.join(10)
    assert not has_children()


def test_a_child_at_a_terminal_is_hung_up_when_the_reactor_stops(reactor):
    protocol = Noting(reactor, made=lambda child: reactor.callWhenRunning(reactor.stop))
    reactor.spawnProcess(protocol, "/bin/cat", ["cat"], usePTY=True)
    run(reactor)
    assert protocol.events == ["made"]


def test_out_of_descriptors_it_is_refused_and_nothing_is_left_of_it(reactor):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    reactor.iterate(0)
    highest = max(int(name) for name in os.listdir("/dev/fd"))
    for room in range(12):
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest + room, hard))
        try:
            reactor.spawnProcess(Noting(reactor), "/bin/cat", ["cat"]).loseConnection()
        except OSError:
            continue
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        run(reactor)
        return
    pytest.fail("it would not start with 12 descriptors either")
