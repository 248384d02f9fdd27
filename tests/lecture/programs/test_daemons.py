"""Sessions with programs that go into the background by themselves: they are ended by the number that they leave."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lecture.programs.processes import leftovers
from tests.support.example_folder import Folder, place

# Returns to the terminal when the daemon listens; the daemon writes "bye" into a file when it is told to end.
DAEMON = """\
    import os, pathlib, signal, socket, sys
    read_end, write_end = os.pipe()
    if os.fork():
        os.close(write_end)
        os.read(read_end, 1)
        print("runs in the background")
        sys.stdout.flush()
        os._exit(0)
    os.setsid()
    if os.fork():
        os._exit(0)
    listener = socket.create_server(("127.0.0.1", 7771))
    pathlib.Path("daemon.pid").write_text(f"{os.getpid()}\\n")
    for number in sys.argv[1:]:
        signal.signal(getattr(signal, "SIG" + number), signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in range(3):
        os.dup2(null, fd)
    os.write(write_end, b"!")
    signal.pause()
"""
CLIENT = """\
    import socket
    socket.create_connection(("localhost", 7771)).close()
    print("it is there")
"""


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.mark.parametrize("has_proc", [True, False])
@pytest.mark.parametrize("kill", ["kill", "kill -INT"])
def test_a_daemon_serves_until_it_is_killed(folder, kill, has_proc, monkeypatch):
    monkeypatch.setattr(leftovers, "HAS_PROC", leftovers.HAS_PROC and has_proc)
    session = (
        f"$ python daemon.py\nruns in the background\n$ python client.py\nit is there\n$ {kill} `cat daemon.pid`\n"
    )
    folder.write("a", session, daemon=DAEMON, client=CLIENT)
    assert folder.outputs("a") == ["runs in the background\n", "it is there\n", ""]


def test_a_daemon_that_nobody_kills_is_left_behind(folder, monkeypatch):
    monkeypatch.setattr(leftovers, "GRACE_S", 0.01)
    folder.write("a", "$ python daemon.py\nruns in the background\n", daemon=DAEMON)
    assert "left behind: python" in folder.error("a").message


def test_a_daemon_that_ignores_the_signal_is_named(folder):
    session = "# deadline: 1\n$ python daemon.py TERM\n[..]\n$ kill `cat daemon.pid`\n"
    folder.write("a", session, daemon=DAEMON)
    error = folder.error("a")
    assert "did not end at 'kill `cat daemon.pid`'" in error.message
    assert place(error) == ("session.txt", 4)


@pytest.mark.parametrize("content", [None, "", "one"])
def test_a_file_without_a_number_is_named(folder, content):
    program = "" if content is None else f"open('daemon.pid', 'w').write({content!r})"
    folder.write("a", "$ python a.py\n$ kill `cat daemon.pid`\n", a=program)
    error = folder.error("a")
    assert "no process left its number there" in error.message
    assert place(error) == ("session.txt", 2)


@pytest.mark.skipif(not leftovers.HAS_PROC, reason="only /proc tells whose a process is")
def test_a_process_that_is_not_of_the_session_is_left_alone(folder):
    with subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"]) as bystander:
        session = "$ python a.py\n$ kill `cat daemon.pid`\n"
        folder.write("a", session, a=f"open('daemon.pid', 'w').write('{bystander.pid}')")
        assert f"process {bystander.pid} is none that this session started" in folder.error("a").message
        assert bystander.poll() is None
        os.kill(bystander.pid, signal.SIGKILL)


def test_a_script_that_came_with_a_package_is_found_and_exchanges_its_own_ports(folder, tmp_path, monkeypatch):
    scripts = tmp_path / "bin"
    scripts.mkdir()
    script = scripts / "serve-of-test"
    script.write_text(
        f"#!{sys.executable}\nimport socket, sys\nserver = socket.socket()\n"
        "server.bind(('127.0.0.1', int(sys.argv[1])))\nprint(server.getsockname()[1])\n"
    )
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(scripts / Path(sys.executable).name))
    folder.write("a", "$ serve-of-test 7771\n7771\n$ serve-of-test 7771\n7771\n")
    assert folder.outputs("a") == ["7771\n", "7771\n"]
