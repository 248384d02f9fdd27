"""`python -m reactor.port`: outputs, exit statuses, files in every encoding, and files that aren't programs."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from reactor.port.command import main

THEIRS = b"from twisted.internet import defer\n"
OURS = b"from reactor import defer\n"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Writes a program; its name is relative, as on a command line."""
    monkeypatch.chdir(tmp_path)

    def write(data, name="prog.py"):
        Path(name).write_bytes(data)
        return name

    return write


@pytest.fixture
def run(capfdbinary):
    """Runs the command: its exit status, and what it printed."""

    def run(*arguments):
        status = main(arguments)
        sys.stderr.flush()
        out, err = capfdbinary.readouterr()
        return status, out, err.decode()

    return run


def test_the_program_goes_to_stdout_and_its_file_stays(program, run):
    assert run(program(THEIRS)) == (0, OURS, "")
    assert Path("prog.py").read_bytes() == THEIRS


def test_back_to_twisted(program, run):
    pytest.importorskip("twisted")
    assert run("--to-twisted", program(OURS)) == (0, THEIRS, "")


def test_a_diff_is_one_that_patch_takes(program, run):
    status, diff, _ = run("--diff", program(b"x = 1\r\n" + THEIRS.strip()))
    assert status == 0
    assert b"--- prog.py\n+++ prog.py\n" in diff and b" x = 1\r\n" in diff
    assert diff.endswith(b"\n+from reactor import defer\n\\ No newline at end of file\n")
    assert run("--diff", program(OURS)) == (0, b"", "")


def test_what_is_missing_goes_to_stderr_and_is_the_exit_status(program, run):
    status, out, err = run(program(b"from twisted.internet import defer\nfrom twisted.python import nosuch\n"))
    assert status == 1
    assert out == b"from reactor import defer\nfrom twisted.python import nosuch\n"
    assert err == "prog.py:2: twisted.python.nosuch: reactor has no nosuch\n"


def test_in_place_a_file_keeps_its_mode_and_nothing_lies_beside_it(program, run):
    os.chmod(program(THEIRS), 0o751)
    assert run("--in-place", "prog.py") == (0, b"", "")
    assert Path("prog.py").read_bytes() == OURS
    assert stat.S_IMODE(os.stat("prog.py").st_mode) == 0o751
    assert os.listdir() == ["prog.py"]


def test_in_place_a_link_stays_a_link(program, run):
    os.symlink(program(THEIRS, "there.py"), "here.py")
    assert run("--in-place", "here.py")[0] == 0
    assert os.readlink("here.py") == "there.py"
    assert Path("there.py").read_bytes() == OURS


def test_in_place_a_file_without_changes_is_not_touched(program, run):
    before = os.stat(program(OURS))
    assert run("--in-place", "prog.py")[0] == 0
    assert os.stat("prog.py") == before


def test_a_write_that_fails_leaves_the_file_whole_and_nothing_beside_it(program, run, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert run("--in-place", program(THEIRS)) == (2, b"", "prog.py: No space left on device\n")
    assert Path("prog.py").read_bytes() == THEIRS
    assert os.listdir() == ["prog.py"]


def test_a_file_that_cannot_be_read_does_not_keep_the_others(program, run):
    status, out, err = run("no.py", program(THEIRS))
    assert (status, out, err) == (2, OURS, "no.py: No such file or directory\n")


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + THEIRS,
        THEIRS.replace(b"\n", b"\r\n") + b"x = '\xc3\xa9'\r\n",
        THEIRS.replace(b"\n", b"\r"),
        b"# -*- coding: latin-1 -*-\nx = '\xe9'; " + THEIRS,
        b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'; " + THEIRS,
        b"x = '\xc3\xa9\x0c\xe2\x80\xa8'; " + THEIRS,
        THEIRS.strip(),
        b"x = '\\d'\n" + THEIRS,
    ],
    ids=["byte order mark", "CRLF", "CR", "latin-1", "second line", "odd line ends", "no line end", "bad escape"],
)
def test_all_other_bytes_stay(program, run, data):
    assert run(program(data)) == (0, data.replace(b"twisted.internet", b"reactor"), "")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x = 1\nprint 'two'\n", "prog.py:2: this is not Python 3: Missing parentheses in call to 'print'"),
        (b"x = 1\ny = (\n", "prog.py:2: this is not Python 3: '(' was never closed"),
        (b"x = 1\ny = '\xe9'\n", "prog.py:2: this is not Python 3: byte 0xe9 is not utf-8: name the encoding"),
        (b"x = 1\ny = 2\nz = '\xe9'\n", "prog.py:3: this is not Python 3: byte 0xe9 is not utf-8: name the encoding"),
        (b"# coding: klingon\n", "prog.py:1: this is not Python 3: unknown encoding: klingon"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "prog.py:1: this is not Python 3: encoding problem: utf-8"),
        (b"x = '\0'\n", "prog.py:1: "),
        (b"x = " + b"-" * 100_000 + b"1\n", "prog.py:1: Python can't read this: "),
        (b"x = " + b"f(" * 3_000 + b")" * 3_000 + b"\n", "prog.py:1: "),
        (b"x = " + b"1 + " * 3_000 + b"1\n", "prog.py:1: "),
    ],
)
def test_what_is_not_a_program_is_one_sentence_with_its_line(program, run, data, message):
    status, out, err = run("--in-place", program(data))
    assert (status, out) == (2, b"")
    assert err.startswith(message) and err.count("\n") == 1
    assert Path("prog.py").read_bytes() == data


def test_without_twisted_the_rules_alone_carry_a_program_there(program):
    command = [sys.executable, "-S", "-m", "reactor.port", "--to-twisted", program(OURS + b"from reactor import log\n")]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True)
    assert done.stdout == "from twisted.internet import defer\nfrom twisted.python import log\n"
    assert done.stderr == "twisted is not installed: whether it has all names, was not looked at\n"
    assert done.returncode == 0


def test_nothing_of_the_reactor_is_imported(program):
    script = (
        "import sys; from reactor.port.command import main; main(sys.argv[1:])\n"
        "print(*(name for name in sys.modules if name.startswith('reactor')))"
    )
    command = [sys.executable, "-c", script, program(b"from twisted.web import server\n")]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert all(name == "reactor" or name.startswith("reactor.port") for name in loaded)


def test_a_wrong_command_is_explained(run):
    with pytest.raises(SystemExit) as ended:
        run("--diff", "--in-place", "prog.py")
    assert ended.value.code == 2
