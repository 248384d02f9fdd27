"""Child processes: what comes out, what goes in, and in which order their protocol hears of the end."""

import signal

import pytest

from reactor.error import ProcessDone, ProcessExitedAlready, ProcessTerminated
from reactor.protocol import ProcessProtocol
from tests.support.loopback import run
from tests.support.processes import Noting, no_child_left, run_process, shell  # noqa: F401

pytestmark = [pytest.mark.not_only_sockets, pytest.mark.usefixtures("no_child_left")]


def test_what_a_child_writes_comes_by_descriptor(reactor):
    child = shell(reactor, "echo out; echo err >&2")
    assert (child.out, child.err) == (b"out\n", b"err\n")


def test_the_first_and_the_last_word_are_always_the_same(reactor):
    child = shell(reactor, "echo hello")
    assert child.events[0] == "made"
    assert child.events[-1] == "ended"
    assert sorted(child.events[1:-1]) == ["exited", "lost err", "lost in", "lost out"]


def test_the_standard_three_have_callbacks_of_their_own(reactor):
    class Named(ProcessProtocol):
        def __init__(self):
            self.heard = set()

        def outReceived(self, data):
            self.heard.add(data)

        def errReceived(self, data):
            self.heard.add(data)

        def inConnectionLost(self):
            self.heard.add("in")

        def outConnectionLost(self):
            self.heard.add("out")

        def errConnectionLost(self):
            self.heard.add("err")

        def processEnded(self, reason):
            reactor.stop()

    protocol = Named()
    reactor.spawnProcess(protocol, "/bin/sh", ["sh", "-c", "echo 1; echo 2 >&2"])
    run(reactor)
    assert protocol.heard == {b"1\n", b"2\n", "in", "out", "err"}


def test_a_clean_end_is_ProcessDone(reactor):
    reasons = shell(reactor, "exit 0").reasons
    for reason in (reasons["exited"], reasons["ended"]):
        assert type(reason) is ProcessDone
        assert (reason.exitCode, reason.signal, reason.status) == (0, None, 0)
        assert "process finished with exit code 0" in str(reason)


def test_another_exit_code_is_ProcessTerminated(reactor):
    reason = shell(reactor, "exit 3").reasons["ended"]
    assert type(reason) is ProcessTerminated
    assert (reason.exitCode, reason.signal, reason.status) == (3, None, 3 << 8)
    assert "process ended with exit code 3" in str(reason)


def test_a_signal_is_ProcessTerminated(reactor):
    reason = shell(reactor, "kill -KILL $$").reasons["ended"]
    assert type(reason) is ProcessTerminated
    assert (reason.exitCode, reason.signal, reason.status) == (None, signal.SIGKILL, signal.SIGKILL)
    assert "process ended by signal 9" in str(reason)


def test_the_process_has_a_number_until_it_has_exited(reactor):
    pids = []

    def look(child, *args):
        pids.append(child.transport.pid)

    child = shell(reactor, "echo $$", hooks={"made": look, "exited": look, "ended": look})
    assert pids == [int(child.out), None, None]


def test_a_process_exits_while_a_grandchild_holds_its_pipes_and_ends_when_those_are_closed(reactor):
    def answer(child, reason):
        child.transport.write(b"late")
        child.transport.closeStdin()

    hooks = {"exited": answer, "data": lambda *args: None}
    child = shell(reactor, "exec 3<&0; cat <&3 & exit 0", hooks=hooks)
    assert child.out == b"late"
    assert child.events.index("exited") < child.events.index("data 1") < child.events.index("ended")


def test_a_process_may_close_its_output_and_work_on(reactor):
    def lost(child, fd):
        if {"lost out", "lost err"} <= set(child.events):
            child.transport.write(b"go\n")

    child = shell(reactor, "exec >&- 2>&-; read word; exit 7", hooks={"lost": lost})
    assert child.events.index("lost out") < child.events.index("exited")
    assert child.reasons["ended"].exitCode == 7


def test_what_is_written_goes_to_standard_input(reactor):
    def made(child):
        child.transport.write(b"pear\n")
        child.transport.writeSequence([b"apple\n", b"fig\n"])
        child.transport.writeToChild(0, b"kiwi\n")
        child.transport.closeStdin()

    assert run_process(reactor, "/usr/bin/sort", hooks={"made": made}).out == b"apple\nfig\nkiwi\npear\n"


def test_all_that_was_written_is_read_before_the_end_of_input(reactor):
    text = bytes(range(256)) * 8192  # 2 MiB, far more than a pipe holds

    def made(child):
        child.transport.write(text)
        child.transport.closeStdin()

    child = run_process(reactor, "/bin/cat", hooks={"made": made})
    assert child.out == text
    assert type(child.reasons["ended"]) is ProcessDone


def test_a_child_that_closes_its_input_is_noticed(reactor):
    def lost(child, fd):
        if fd == 0:
            child.transport.closeChildFD(3)

    child = shell(reactor, "exec <&-; read word <&3; exit 0", childFDs={0: "w", 3: "w"}, hooks={"lost": lost})
    assert child.events.index("lost in") == 1


def test_writing_to_a_child_that_reads_no_more_is_no_error(reactor):
    def lost(child, fd):
        if fd == 0:
            child.transport.write(b"into the void")
            child.transport.closeChildFD(3)

    child = shell(reactor, "exec <&-; read word <&3; exit 0", childFDs={0: "w", 3: "w"}, hooks={"lost": lost})
    assert child.reasons["ended"].exitCode in (0, 1)


def test_closeStdout_makes_writing_an_error_in_the_child(reactor):
    child = shell(reactor, "exec yes", hooks={"made": lambda child: child.transport.closeStdout()})
    assert child.reasons["ended"].signal == signal.SIGPIPE


def test_closeStderr_closes_that_one_alone(reactor):
    child = shell(
        reactor,
        "read word; echo $word",
        hooks={
            "made": lambda child: child.transport.closeStderr(),
            "lost": lambda child, fd: child.transport.write(b"still here\n") if fd == 2 else None,
        },
    )
    assert child.out == b"still here\n"


def test_loseConnection_closes_the_three_and_signals_nobody(reactor):
    child = run_process(reactor, "/bin/cat", hooks={"made": lambda child: child.transport.loseConnection()})
    assert type(child.reasons["ended"]) is ProcessDone


def test_closing_twice_or_what_was_never_there_is_no_error(reactor):
    def made(child):
        child.transport.closeStdin()
        child.transport.closeStdin()
        child.transport.closeChildFD(17)

    assert type(run_process(reactor, "/bin/cat", hooks={"made": made}).reasons["ended"]) is ProcessDone


def test_writing_to_a_descriptor_that_is_not_there_is_a_KeyError(reactor):
    def made(child):
        with pytest.raises(KeyError):
            child.transport.writeToChild(17, b"hello?")

    shell(reactor, "exit 0", hooks={"made": made})


@pytest.mark.own_promise("Twisted's reading ends take it, and fail later")
def test_writing_to_a_descriptor_that_we_read_is_a_KeyError(reactor):
    def made(child):
        with pytest.raises(KeyError, match=r"descriptor 1 of .* is not open for writing"):
            child.transport.writeToChild(1, b"hello?")

    shell(reactor, "exit 0", hooks={"made": made})


def test_a_process_has_no_address(reactor):
    def made(child):
        for ask in (child.transport.getHost, child.transport.getPeer):
            with pytest.raises(NotImplementedError):
                ask()

    shell(reactor, "exit 0", hooks={"made": made})


# --- signals


@pytest.mark.parametrize("name", ["KILL", "TERM", "INT", "HUP"])
def test_a_signal_is_sent_by_name(reactor, name):
    child = run_process(reactor, "/bin/cat", hooks={"made": lambda child: child.transport.signalProcess(name)})
    assert child.reasons["ended"].signal == signal.Signals[f"SIG{name}"]


def test_a_signal_is_sent_by_number(reactor):
    def made(child):
        child.transport.signalProcess(signal.SIGUSR1)

    assert run_process(reactor, "/bin/cat", hooks={"made": made}).reasons["ended"].signal == signal.SIGUSR1


def test_a_process_that_has_exited_cannot_be_signalled(reactor):
    def gone(child, reason):
        with pytest.raises(ProcessExitedAlready):
            child.transport.signalProcess("TERM")

    shell(reactor, "exit 0", hooks={"exited": gone, "ended": gone})


@pytest.mark.own_promise("Twisted hands it to os.kill")
@pytest.mark.parametrize(("bad", "problem"), [("NOSUCH", ValueError), (4711, ValueError), (-1, ValueError)])
def test_a_signal_that_is_none_is_refused_by_its_name(reactor, bad, problem):
    def made(child):
        with pytest.raises(problem, match=str(bad)):
            child.transport.signalProcess(bad)
        with pytest.raises(TypeError, match="None"):
            child.transport.signalProcess(None)

    shell(reactor, "exit 0", hooks={"made": made})


def test_a_signal_that_we_ignore_is_not_ignored_by_the_child(reactor):
    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    try:
        child = shell(reactor, "kill -USR1 $$")
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert child.reasons["ended"].signal == signal.SIGUSR1


# --- handlers that raise


class Oops(Exception):
    pass


def oops(*args):
    raise Oops


def test_connectionMade_that_raises_is_logged_and_the_process_goes_on(reactor, logged_errors):
    child = shell(reactor, "echo hello", hooks={"made": oops})
    assert child.out == b"hello\n"
    assert len(logged_errors.flush(Oops)) == 1


def test_childDataReceived_that_raises_costs_that_pipe(reactor, logged_errors):
    child = shell(
        reactor,
        "echo hello; read word; exit 5",
        hooks={
            "data": oops,
            "lost": lambda child, fd: child.transport.write(b"go\n") if fd == 1 else None,
        },
    )
    assert child.reasons["ended"].exitCode == 5
    assert len(logged_errors.flush(Oops)) == 1


@pytest.mark.parametrize("hook", ["lost", "exited"])
def test_a_callback_that_raises_is_logged_and_the_end_comes_all_the_same(reactor, logged_errors, hook):
    child = shell(reactor, "exit 0", childFDs={1: "r"}, hooks={hook: oops})
    assert child.events[-1] == "ended"
    assert len(logged_errors.flush(Oops)) == 1


def test_processEnded_that_raises_is_logged(reactor, logged_errors):
    shell(reactor, "exit 0", hooks={"ended": oops})
    assert len(logged_errors.flush(Oops)) == 1


# --- several


def test_many_children_at_once_end_each_with_its_own_status(reactor):
    ended = {}

    class Numbered(Noting):
        def processEnded(self, reason):
            ended[self.number] = reason.value.exitCode
            if len(ended) == 20:
                self.reactor.stop()

    for number in range(20):
        protocol = Numbered(reactor)
        protocol.number = number
        reactor.spawnProcess(protocol, "/bin/sh", ["sh", "-c", f"exit {number}"])
    run(reactor)
    assert ended == {number: number for number in range(20)}


def test_a_protocol_may_start_the_next_process_when_one_has_ended(reactor):
    outputs = []

    class Chain(Noting):
        def processEnded(self, reason):
            outputs.append(self.out)
            if len(outputs) == 3:
                self.reactor.stop()
            else:
                self.reactor.spawnProcess(Chain(self.reactor), "/bin/echo", ["echo", str(len(outputs))])

    reactor.spawnProcess(Chain(reactor), "/bin/echo", ["echo", "0"])
    run(reactor)
    assert outputs == [b"0\n", b"1\n", b"2\n"]
