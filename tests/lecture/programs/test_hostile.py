"""Programs that harm their runner, on purpose or by mistake: each costs its own session, with a sentence."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from lecture.programs.checks import check_sessions
from lecture.programs.processes import leftovers, stage
from lecture.programs.temporary import abandoned_folders, temporary_folder
from tests.support.example_folder import Folder, place

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the limits of other processes")
# Goes out of its session and group, and keeps nothing of its parent: no environment, no descriptors, no folder.
LEAVES = """\
    import os, sys
    read_end, write_end = os.pipe()
    os.set_inheritable(write_end, True)
    if os.fork():
        os.close(write_end)
        print(os.read(read_end, 20).decode())
        sys.stdout.flush()
        os._exit(0)
    os.setsid()
    os.chdir("/")
    if os.fork():
        os._exit(0)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in range(3):
        os.dup2(null, fd)
    says = f"import os, signal; os.write({write_end}, str(os.getpid()).encode()); os.close({write_end}); signal.pause()"
    os.execve(sys.executable, [sys.executable, "-c", says], {})
"""


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture(autouse=True)
def nothing_left(tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    yield
    assert list((tmp_path / "tmp").iterdir()) == []


@only_linux
def test_a_program_that_leaves_its_session_with_an_empty_environment_is_found_and_ended(folder, monkeypatch):
    monkeypatch.setattr(leftovers, "GRACE_S", 0.01)
    folder.write("a", "$ python a.py\n[..]\n", a=LEAVES)
    message = folder.error("a").message
    assert "left behind: python" in message
    pid = int(message.partition("(process ")[2].partition(")")[0])
    assert leftovers.await_end([pid], 5)


@only_linux
def test_such_a_daemon_is_one_of_the_session_and_may_be_killed_by_its_number(folder):
    program = LEAVES.replace("print(os.read(read_end, 20).decode())", "open('pid', 'wb').write(os.read(read_end, 20))")
    folder.write("a", "$ python a.py\n$ kill `cat pid`\n", a=program)
    assert folder.outputs("a") == ["", ""]


JUNK = {
    "ports": ["hello", "99999999", "\\0", "-1"],
    "modules": ["/dev/zero", "/dev/null", "words", "/x\\0y", "/"],
    "events": ["hello", "listens x", "listens", "\\xff\\xfe"],
}


@pytest.mark.parametrize(("name", "junk"), [(name, junk) for name, all_junk in JUNK.items() for junk in all_junk])
def test_junk_in_a_file_of_the_runner_is_an_error_with_the_junk(folder, name, junk):
    program = f"""\
        import os
        with open(os.environ["LECTURE_SCRATCH"] + "/{name}", "ab", buffering=0) as file:
            file.write(b"{junk}\\n")
    """
    folder.write("a", "$ python a.py\n", a=program)
    error = folder.error("a")
    assert re.search(rf"a program of the session wrote '.+' into '{name}', a file of the runner", error.message)
    assert place(error) == ("session.txt", 1)


def test_a_file_of_the_runner_that_grows_without_end_is_not_read_to_its_end(folder):
    program = """\
        import os
        os.truncate(os.environ["LECTURE_SCRATCH"] + "/modules", 1 << 40)
    """
    folder.write("a", "$ python a.py\n", a=program)
    assert "into 'modules', a file of the runner" in folder.error("a").message


@pytest.mark.parametrize("name", ["ports", "modules", "events"])
def test_something_else_in_place_of_a_file_of_the_runner_is_not_read(folder, name):
    program = f"""\
        import os
        os.chdir(os.environ["LECTURE_SCRATCH"])
        os.unlink("{name}")
        os.symlink("/dev/zero", "{name}")
    """
    folder.write("a", "$ python a.py\n", a=program)
    assert folder.outputs("a") == [""]


def test_no_word_of_a_program_stops_the_build(folder):
    program = """\
        import os
        with open(os.environ["LECTURE_SCRATCH"] + "/events", "wb", buffering=0) as file:
            file.write(b"stop\\n")
    """
    folder.write("a", "$ python a.py\n", a=program)
    folder.write("b", "$ python b.py\nhi\n", b="print('hi')")
    checks = check_sessions(folder.examples(), jobs=1)
    assert ["wrote 'stop'" in str(check.error) for check in checks] == [True, False]


@pytest.mark.parametrize(
    "content",
    [
        "os.symlink('/dev/zero', 'pid')",
        "os.mkfifo('pid')",
        *(f"open('pid', 'w').write('{n}')" for n in (0, -1, 1, 10**15)),
    ],
)
@pytest.mark.parametrize("has_proc", [True, False])
def test_a_number_of_no_process_of_the_session_is_sent_no_signal(folder, monkeypatch, content, has_proc):
    monkeypatch.setattr(leftovers, "HAS_PROC", leftovers.HAS_PROC and has_proc)
    folder.write("a", "$ python a.py\n$ kill `cat pid`\n", a=f"import os\n{content}")
    error = folder.error("a")
    assert "no process left its number there" in error.message or "is none that this session started" in error.message


def test_a_link_to_a_device_is_not_copied(folder):
    (folder.write("a", "$ python a.py\n", a="") / "zeros").symlink_to("/dev/zero")
    assert folder.outputs("a") == [""]


# What a build that is killed leaves

KILLED = """\
import os, signal, sys, tempfile
from pathlib import Path
from lecture.programs.processes.stage import run_session
from lecture.programs.session import read_session
tempfile.tempdir = sys.argv[1]
run_session(read_session(Path(sys.argv[2])))
"""


@only_linux
def test_the_next_build_ends_and_removes_what_a_killed_one_left(folder, tmp_path):
    told = tmp_path / "told"
    os.mkfifo(told)
    program = f"import os, signal\nopen({str(told)!r}, 'w').write(str(os.getpid()))\nsignal.pause()\n"
    session = folder.write("a", "$ python a.py\n", a=program) / "session.txt"
    with subprocess.Popen([sys.executable, "-c", KILLED, tempfile.gettempdir(), session]) as build:
        orphan = int(told.read_text())
        build.send_signal(signal.SIGKILL)
    assert len(list(Path(tempfile.gettempdir()).iterdir())) == 1
    stage._end_what_was_abandoned.cache_clear()
    folder.write("b", "$ python b.py\nhi\n", b="print('hi')")
    assert folder.outputs("b") == ["hi\n"]
    assert leftovers.await_end([orphan], 5)


def test_a_folder_in_use_and_a_folder_of_another_program_stay():
    theirs = Path(tempfile.gettempdir(), "lecture-of-last-year")
    theirs.mkdir()
    with temporary_folder("test") as ours:
        assert list(abandoned_folders()) == []
        assert ours.is_dir() and theirs.is_dir()
    theirs.rmdir()
