"""The file that says which process runs: what becomes of it in moments that no process can be stopped in."""

import fcntl
import os

import pytest

from reactor.application.runner.pidfile import PidFile


@pytest.fixture
def before_the_lock(monkeypatch):
    """Lets this happen after the file is opened and before it is locked; once."""
    lock = fcntl.flock

    def before(happens):
        def locked(*arguments):
            monkeypatch.setattr(fcntl, "flock", lock)
            happens()
            return lock(*arguments)

        monkeypatch.setattr(fcntl, "flock", locked)

    return before


@pytest.mark.parametrize("leaves", ["nothing", "another"])
def test_a_file_that_its_holder_removes_meanwhile_is_made_anew(tmp_path, before_the_lock, leaves):
    path = tmp_path / "pid"
    path.write_text("1\n")

    def the_holder_ends():
        path.unlink()
        if leaves == "another":
            path.write_text("")

    before_the_lock(the_holder_ends)
    descriptors = os.listdir("/dev/fd")
    file = PidFile(str(path))
    file.acquire()
    assert (path.read_text(), file.stale) == (f"{os.getpid()}\n", "")
    file.release()
    assert not path.exists()
    assert os.listdir("/dev/fd") == descriptors
