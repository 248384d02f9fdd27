"""What a child process finds when it begins: arguments, environment, directory, user, descriptors; what is refused."""

import os
import sys
import types

import pytest

from reactor.error import ProcessDone
from tests.support.loopback import run
from tests.support.processes import Noting, no_child_left, run_process, shell  # noqa: F401

pytestmark = [pytest.mark.not_only_sockets, pytest.mark.usefixtures("no_child_left")]


# --- arguments, environment, directory, user


def test_the_first_argument_is_what_the_program_is_called(reactor):
    protocol = Noting(reactor)
    reactor.spawnProcess(protocol, "/bin/sh", ["another name", "-c", 'echo "$0"'])
    run(reactor)
    assert protocol.out == b"another name\n"


def test_arguments_are_text_or_bytes_and_pass_no_shell(reactor):
    child = shell(reactor, 'printf "%s|" "$@"', "$HOME", "a b", "ü", b"\xff")
    assert child.out == b"$HOME|a b|\xc3\xbc|\xff|"


def test_the_environment_is_empty_unless_given(reactor):
    assert run_process(reactor, "/usr/bin/env").out == b""


def test_the_environment_is_what_is_given(reactor):
    child = run_process(reactor, "/usr/bin/env", env={"NAME": "value", "OTHER": ""})
    assert sorted(child.out.splitlines()) == [b"NAME=value", b"OTHER="]


def test_the_environment_may_be_bytes(reactor):
    assert run_process(reactor, "/usr/bin/env", env={b"NAME": b"\xff"}).out == b"NAME=\xff\n"


def test_None_as_environment_is_ours(reactor, monkeypatch):
    monkeypatch.setenv("OF_THIS_TEST", "yes")
    assert b"OF_THIS_TEST=yes" in run_process(reactor, "/usr/bin/env", env=None).out.splitlines()


def test_the_program_is_found_by_its_name(reactor):
    child = run_process(reactor, "echo", "found", env=None)
    assert child.out == b"found\n"


@pytest.mark.own_promise("Twisted looks in our own PATH when it spawns, in the child's when it forks")
def test_the_name_is_looked_up_in_the_path_of_the_child(reactor, tmp_path):
    script = tmp_path / "only-here"
    script.write_text("#!/bin/sh\necho found\n")
    script.chmod(0o755)
    assert run_process(reactor, "only-here", env={"PATH": str(tmp_path)}).out == b"found\n"


@pytest.mark.parametrize("kind", [str, os.fsencode])
def test_a_child_begins_in_the_directory_that_is_given(reactor, tmp_path, kind):
    assert run_process(reactor, "/bin/pwd", path=kind(str(tmp_path))).out == os.fsencode(tmp_path) + b"\n"


def test_a_child_begins_here_unless_a_directory_is_given(reactor):
    assert run_process(reactor, "/bin/pwd").out == os.fsencode(os.getcwd()) + b"\n"


@pytest.mark.own_promise("where we are not root, Twisted's child fails with a traceback")
def test_another_user_with_that_user_s_groups_if_we_are_root(reactor):
    if os.geteuid() == 0:
        assert run_process(reactor, "/usr/bin/id", "-u", uid=65534, gid=65534).out == b"65534\n"
        assert run_process(reactor, "/usr/bin/id", "-G", uid=65534, gid=12).out == b"12\n"
        assert run_process(reactor, "/usr/bin/id", "-u", gid=12).out == b"0\n"
    else:
        with pytest.raises(PermissionError):
            reactor.spawnProcess(Noting(reactor), "/usr/bin/id", ["id"], uid=0)


# --- descriptors


@pytest.mark.only_linux
def test_no_other_descriptor_of_ours_is_open_in_the_child(reactor):
    fd = os.open("/dev/null", os.O_RDONLY)
    os.set_inheritable(fd, True)
    try:
        child = shell(reactor, f'for n in /proc/$$/fd/*; do echo "${{n##*/}}"; done; test ! -e /proc/$$/fd/{fd}')
    finally:
        os.close(fd)
    assert {b"0", b"1", b"2"} <= set(child.out.split())
    assert str(fd).encode() not in child.out.split()
    assert type(child.reasons["ended"]) is ProcessDone


def test_descriptors_may_have_any_number_in_the_child(reactor):
    """Also those that are something else here: the poller's own, the waker's, the ends of the other pipes."""
    wanted = {0: "w", **dict.fromkeys(range(1, 10), "r"), 15: "r", 31: "w"}
    script = "import os\nfor fd in [*range(1, 10), 15]: os.write(fd, b'%d' % fd)\nos.write(15, os.read(31, 99))"

    def made(child):
        child.transport.writeToChild(31, b" and back")

    child = run_process(reactor, sys.executable, "-Sc", script, childFDs=wanted, hooks={"made": made})
    assert child.received == {fd: b"%d" % fd for fd in range(1, 10)} | {15: b"15 and back"}
    assert {"lost in", "lost out", "lost err", "lost 3", "lost 15", "lost 31"} <= set(child.events)


closed_at_fork = []
os.register_at_fork(after_in_child=lambda: [os.close(fd) for fd in closed_at_fork])  # a library's, as uvloop has one


def test_a_library_may_close_that_number_when_we_fork(reactor, monkeypatch):
    with open("/dev/null", "rb") as of_the_library:
        number = of_the_library.fileno()
        monkeypatch.setattr(sys.modules[__name__], "closed_at_fork", [number])
        command = [sys.executable, "-Sc", f"import os; os.write({number}, b'arrived')"]
        child = run_process(reactor, *command, childFDs={1: "r", 2: "r", number: "r"})
    assert child.received == {number: b"arrived"}


def test_a_child_with_more_descriptors_inherits_no_other(reactor):
    ours, theirs = os.pipe()
    try:
        os.set_inheritable(theirs, True)
        command = [sys.executable, "-Sc", f"import os; os.fstat({theirs})"]
        child = run_process(reactor, *command, childFDs={1: "r", 2: "r", theirs + 40: "r"})
    finally:
        os.close(ours)
        os.close(theirs)
    assert b"Bad file descriptor" in child.err


def test_a_descriptor_of_ours_becomes_one_of_the_child(reactor, tmp_path):
    (tmp_path / "input").write_text("pear\nfig\n")
    fds = [os.open(tmp_path / "input", os.O_RDONLY), os.open(tmp_path / "output", os.O_WRONLY | os.O_CREAT)]
    try:
        child = run_process(reactor, "/usr/bin/sort", childFDs={0: fds[0], 1: fds[1], 2: "r"})
    finally:
        for fd in fds:
            os.close(fd)  # still ours, still open
    assert (tmp_path / "output").read_text() == "fig\npear\n"
    assert child.received == {}


def test_descriptors_may_change_places(reactor, tmp_path):
    fds = [os.open(tmp_path / name, os.O_WRONLY | os.O_CREAT) for name in ("a", "b")]
    try:
        first, second = fds
        script = "import os, sys; [os.write(int(n), n.encode()) for n in sys.argv[1:]]"
        command = [sys.executable, "-Sc", script, str(first), str(second)]
        run_process(reactor, *command, childFDs={first: second, second: first, 2: "r"})
    finally:
        for fd in fds:
            os.close(fd)
    assert [(tmp_path / name).read_text() for name in ("a", "b")] == [str(second), str(first)]


def test_one_descriptor_may_serve_as_several(reactor, tmp_path):
    with open(tmp_path / "log", "wb") as log:
        shell(reactor, "echo 1; echo 2 >&2", childFDs={0: "w", 1: log.fileno(), 2: log.fileno()})
    assert (tmp_path / "log").read_bytes() == b"1\n2\n"


def test_a_process_needs_no_protocol_when_there_are_no_pipes(reactor, tmp_path):
    with open(tmp_path / "log", "wb") as log:
        process = reactor.spawnProcess(None, "/bin/echo", ["echo", "hello"], childFDs={1: log.fileno()})
        while process.pid is not None:
            reactor.iterate(0.1)
            if hasattr(process, "reapProcess"):  # Twisted hears of it by SIGCHLD, which is there in run() only
                process.reapProcess()
    assert (tmp_path / "log").read_bytes() == b"hello\n"


@pytest.mark.own_promise("Twisted leaves them closed, and the child's first file gets that number")
@pytest.mark.only_linux
def test_standard_descriptors_that_are_not_named_are_the_null_device(reactor):
    child = shell(reactor, "readlink /proc/$$/fd/0 /proc/$$/fd/2", childFDs={1: "r"})
    assert child.out == b"/dev/null\n/dev/null\n"


# --- what is refused


@pytest.mark.own_promise("Twisted's child prints a traceback when there is a path, and raises without the name if not")
@pytest.mark.parametrize(
    ("options", "problem", "name"),
    [
        ({"executable": "/no/such/program"}, FileNotFoundError, "/no/such/program"),
        ({"executable": "no-such-program"}, FileNotFoundError, "no-such-program"),
        ({"executable": "/dev/null"}, PermissionError, "/dev/null"),
        ({"path": "/no/such/directory"}, FileNotFoundError, "/no/such/directory"),
        ({"path": "/dev/null"}, NotADirectoryError, "/dev/null"),
        ({"usePTY": True, "executable": "/no/such/program"}, FileNotFoundError, "/no/such/program"),
        ({"usePTY": True, "path": "/no/such/directory"}, FileNotFoundError, "/no/such/directory"),
        ({"childFDs": {0: "w", 9: "r"}, "executable": "/no/such/program"}, FileNotFoundError, "/no/such/program"),
    ],
)
def test_what_is_not_there_is_named_at_the_call(reactor, options, problem, name):
    with pytest.raises(problem, match=name):
        reactor.spawnProcess(Noting(reactor), **{"executable": "/bin/true", "args": ["true"], **options})


@pytest.mark.own_promise("Twisted finds out later, or in the child")
@pytest.mark.parametrize(
    ("options", "problem", "words"),
    [
        ({"executable": None}, TypeError, "executable is the path of a program, not None"),
        ({"executable": ""}, TypeError, "executable is the path of a program, not ''"),
        ({"args": "true"}, TypeError, "args is a list of arguments, .*; not 'true'"),
        ({"args": ["true", 7]}, TypeError, "an argument is text or bytes, not 7"),
        ({"args": []}, ValueError, "args is empty"),
        ({"args": ["true", "nul\0"]}, ValueError, "null byte"),
        ({"env": ["PATH=/bin"]}, TypeError, r"env maps names to values, .*not \['PATH=/bin'\]"),
        ({"uid": "root"}, TypeError, "uid is a number or None, not 'root'"),
        ({"gid": 1.5}, TypeError, "gid is a number or None, not 1.5"),
        ({"childFDs": [0]}, TypeError, r"childFDs maps descriptors .*not \[0\]"),
        ({"childFDs": {"stdin": "w"}}, TypeError, "a descriptor of the child is a number, 0 or more, not 'stdin'"),
        ({"childFDs": {0: "x"}}, TypeError, 'descriptor 0 of the child is "r", "w" or a descriptor of ours, not \'x\''),
        ({"childFDs": {0: -1}}, TypeError, "not -1"),
        ({"childFDs": {5: 999999}}, OSError, "Bad file descriptor"),
        ({"childFDs": {0: "w"}, "usePTY": True}, ValueError, "at a terminal has no other descriptors"),
        ({"processProtocol": None}, ValueError, "a process with pipes needs a protocol"),
    ],
)
def test_a_wrong_argument_is_refused_at_the_call_by_its_name(reactor, options, problem, words):
    with pytest.raises(problem, match=words):
        reactor.spawnProcess(
            **{"processProtocol": Noting(reactor), "executable": "/bin/true", "args": ["true"], **options}
        )


@pytest.mark.own_promise("Twisted has a way of its own on Windows")
def test_a_platform_without_child_processes_says_so(reactor, monkeypatch):
    monkeypatch.setattr("reactor.core.reactor.os", types.SimpleNamespace(name="nt"))
    with pytest.raises(NotImplementedError, match="child processes need fork or its like, which 'nt' has not"):
        reactor.spawnProcess(Noting(reactor), "cmd", ["cmd"])
