"""Sessions that don't end: they are stopped, and the error shows what every program did and waits for."""

from __future__ import annotations

import pytest

from lecture.programs.processes import leftovers, stage
from lecture.programs.processes.job import Job
from tests.support.example_folder import Folder, place


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


class Clock:
    """The runner's clock, which jumps past every deadline when the test says so."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        monkeypatch.setattr(stage, "time", self)

    def monotonic(self) -> float:
        return self.now

    def jump_after(self, monkeypatch, method: str, condition) -> None:
        """Jump when that method of a Job has run and `condition(job)` holds."""
        original = getattr(Job, method)

        def watched(job, *arguments):
            result = original(job, *arguments)
            if condition(job):
                self.now = 1000.0
            return result

        monkeypatch.setattr(Job, method, watched)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def test_a_program_that_hangs_is_named_with_what_it_printed(folder, clock, monkeypatch):
    clock.jump_after(monkeypatch, "read", lambda job: b"two" in job.printed)
    program = "import signal\nprint('one')\nprint('two', end='')\nsignal.pause()\n"
    folder.write("a", "# deadline: 30\n$ python -c 'print(1)'\n1\n$ python a.py\n", a=program)
    error = folder.error("a")
    assert "`python a.py` did not end within the session's 30 s" in error.message
    assert "Until then:\n$ python -c 'print(1)'\n1\n(ended, status 0)\n$ python a.py\none\ntwo\n(" in error.message
    assert place(error) == ("session.txt", 4)


WAITING_SERVER = """\
    import signal, socket
    listener = socket.create_server(("127.0.0.1", 7771))
    print("listening")
    connection, _ = listener.accept()
    print("somebody came")
    if {reads}:
        connection.recv(10)
    connection.recv(0)
    signal.pause()
"""
WAITING_CLIENT = """\
    import socket
    connection = socket.create_connection(("127.0.0.1", 7771))
    connection.sendall(b"x" * 5)
    print("sent")
    connection.recv(1)
"""


@pytest.mark.skipif(not leftovers.HAS_PROC, reason="only /proc shows the sockets of others")
@pytest.mark.parametrize("reads", [True, False])
def test_who_waits_for_what_is_said_of_every_program(folder, clock, monkeypatch, reads):
    clock.jump_after(monkeypatch, "read", lambda job: b"sent" in job.printed)
    server = WAITING_SERVER.format(reads=reads)
    folder.write("a", "$ python server.py &\n$ python client.py\n", server=server, client=WAITING_CLIENT)
    message = folder.error("a").message
    assert "$ python client.py\nsent\n(waits for port 7771 to say something)" in message
    assert "$ python server.py &\nlistening\nsomebody came\n(waits for connections to port 7771, " in message
    said = "for a client of port 7771 to say something" if reads else "with 5 bytes unread from a client of port 7771"
    assert said in message


def test_the_deadline_is_a_real_one(folder):
    folder.write("a", "# deadline: 0.3\n$ python a.py &\n", a="import signal\nsignal.pause()\n")
    error = folder.error("a")
    assert "`python a.py &` neither listened, nor printed a line, nor ended within the session's 0.3 s" in error.message
    assert "$ python a.py &\n(" in error.message


def test_a_job_that_ignores_ctrl_c_is_named_and_ended(folder, clock, monkeypatch):
    clock.jump_after(monkeypatch, "send", lambda job: True)
    program = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('up')\nsignal.pause()\n"
    folder.write("a", "$ python a.py &\nup\n", a=program)
    assert "did not end after Ctrl-C" in folder.error("a").message


def test_a_job_that_ignores_kill_is_named_and_ended(folder, clock, monkeypatch):
    clock.jump_after(monkeypatch, "send", lambda job: True)
    program = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up')\nsignal.pause()\n"
    folder.write("a", "$ python a.py &\nup\n$ kill %1\n", a=program)
    assert "did not end at 'kill %1'" in folder.error("a").message


def test_a_job_that_the_last_ctrl_c_surprised_is_told_of_kill(folder):
    program = "import signal\nprint('up')\nsignal.pause()\n"
    folder.write("a", "$ python a.py &\nup\n", a=program)
    message = folder.error("a").message
    assert "when the Ctrl-C at the session's end reached it (to end it quietly, write `$ kill %1` for job 1)" in message
