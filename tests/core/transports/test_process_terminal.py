"""A child process at a terminal of its own."""

import fcntl
import os
import signal
import struct
import termios

import pytest

from reactor.error import ProcessDone
from tests.support.processes import Noting, no_child_left, run_process, shell  # noqa: F401

pytestmark = [pytest.mark.not_only_sockets, pytest.mark.usefixtures("no_child_left")]


def test_the_three_descriptors_are_one_terminal(reactor):
    child = shell(reactor, "test -t 0 && test -t 1 && test -t 2 && echo one; echo two >&2", usePTY=True)
    assert child.out == b"one\r\ntwo\r\n"


def test_the_last_words_are_exited_and_ended(reactor):
    child = shell(reactor, "exit 3", usePTY=True)
    assert child.events == ["made", "exited", "ended"]  # a terminal has no pipes that could be lost one by one
    assert child.reasons["ended"].exitCode == 3


def test_the_terminal_controls_the_child(reactor):
    child = shell(reactor, "echo found >/dev/tty", usePTY=True)
    assert child.out == b"found\r\n"


def test_what_is_written_is_echoed_and_read(reactor):
    def made(child):
        child.transport.write(b"hello\n")

    child = shell(reactor, 'read word; echo "<$word>"', usePTY=True, hooks={"made": made})
    assert child.out == b"hello\r\n<hello>\r\n"


def test_its_size_can_be_set(reactor):
    def made(child):
        assert child.transport.fileno() == child.transport.fd
        fcntl.ioctl(child.transport.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 132, 0, 0))
        child.transport.writeSequence([b"go", b"\n"])

    child = shell(reactor, "stty -echo; read word; stty size", usePTY=True, hooks={"made": made})
    assert child.out.endswith(b"24 132\r\n")


@pytest.mark.parametrize(("key", "number"), [(b"\x03", signal.SIGINT), (b"\x1c", signal.SIGQUIT)])
def test_keys_are_signals(reactor, key, number):
    def data(child, fd, text):
        if child.out == b"ready\r\n":
            child.transport.write(key)

    child = shell(reactor, "echo ready; exec cat", usePTY=True, hooks={"data": data})
    assert child.reasons["ended"].signal == number


@pytest.mark.own_promise("it hangs up on a child that has closed the terminal and is about to exit")
def test_an_end_of_file_is_a_key(reactor):
    child = run_process(reactor, "/bin/cat", usePTY=True, hooks={"made": lambda child: child.transport.write(b"\x04")})
    assert type(child.reasons["ended"]) is ProcessDone


def test_loseConnection_hangs_up(reactor):
    def data(child, fd, text):
        child.transport.loseConnection()

    child = shell(reactor, "echo ready; exec cat", usePTY=True, hooks={"data": data})
    assert child.reasons["ended"].signal == signal.SIGHUP


@pytest.mark.only_linux
def test_a_terminal_that_is_there_can_be_used(reactor):
    master, slave = os.openpty()
    name = os.ttyname(slave)
    child = shell(reactor, "readlink /proc/$$/fd/0", usePTY=(master, slave, name))
    assert child.out == name.encode() + b"\r\n"


def test_its_directions_cannot_be_closed_one_by_one(reactor):
    def made(child):
        child.transport.closeStdin()
        child.transport.closeStdout()
        child.transport.closeStderr()
        for refused in (lambda: child.transport.closeChildFD(0), lambda: child.transport.writeToChild(0, b"x")):
            with pytest.raises(NotImplementedError):
                refused()
        child.transport.write(b"still open\n")

    child = shell(reactor, "stty -echo; read word; echo $word", usePTY=True, hooks={"made": made})
    assert child.out.endswith(b"still open\r\n")


def test_a_signal_reaches_it(reactor):
    def data(child, fd, text):
        child.transport.signalProcess("TERM")

    child = shell(reactor, "echo ready; exec cat", usePTY=True, hooks={"data": data})
    assert child.reasons["ended"].signal == signal.SIGTERM


def test_much_output_arrives_whole(reactor):
    child = shell(reactor, "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done", usePTY=True)
    assert child.out.splitlines() == [b"line %d" % number for number in range(3000)]


def test_wrong_options_are_refused(reactor):
    with pytest.raises(ValueError, match="childFDs"):
        reactor.spawnProcess(Noting(reactor), "/bin/true", ["true"], usePTY=True, childFDs={0: "w"})
