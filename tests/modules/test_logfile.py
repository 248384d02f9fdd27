"""Log files that turn over, full disks, and files that others rename."""

import errno
import os
import stat
import time

import pytest

from reactor import logfile
from tests.support import oracle

OWN = pytest.mark.own_promise
ON_A_FULL_DISK = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a disk that is always full")


@pytest.fixture
def opened():
    """Notes log files, and closes them after the test."""
    files = []

    def note(file):
        files.append(file)
        return file

    yield note
    for file in files:
        file.close()


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_what_is_written_is_there_without_a_flush(tmp_path, opened):
    log = opened(logfile.LogFile("log", str(tmp_path)))
    log.write("one\n")
    if oracle.installed():
        log.flush()  # it has a buffer
    assert contents(tmp_path) == {"log": "one\n"}


def test_a_log_is_gone_on_with(tmp_path, opened):
    (tmp_path / "log").write_text("old\n")
    log = opened(logfile.LogFile.fromFullPath(str(tmp_path / "log")))
    log.write("new\n")
    log.write(b"bytes\n")
    log.flush()
    assert contents(tmp_path) == {"log": "old\nnew\nbytes\n"}


def test_it_turns_over_when_it_has_grown(tmp_path, opened):
    log = opened(logfile.LogFile("log", str(tmp_path), rotateLength=10))
    for text in ("123", "4567890", "1" * 11, ""):
        log.write(text)
    log.flush()
    assert contents(tmp_path) == {"log": "", "log.1": "1" * 11, "log.2": "1234567890"}
    assert log.listLogs() == [1, 2]


def test_only_so_many_old_ones_are_kept(tmp_path, opened):
    log = opened(logfile.LogFile("log", str(tmp_path), rotateLength=1, maxRotatedFiles=3))
    for text in "abcdef":
        log.write(text)
    log.flush()
    assert contents(tmp_path) == {"log": "f", "log.1": "e", "log.2": "d", "log.3": "c"}


def test_never_when_there_is_no_length(tmp_path, opened):
    log = opened(logfile.LogFile("log", str(tmp_path), rotateLength=None))
    for _ in range(3):
        log.write("x" * 1_000_000)
    assert log.listLogs() == []


def test_old_ones_can_be_read(tmp_path, opened):
    log = opened(logfile.LogFile("log", str(tmp_path)))
    log.write("1\n2\n")
    log.rotate()
    log.write("3\n")
    log.flush()
    for reader, lines in ((log.getLog(1), ["1\n", "2\n"]), (log.getCurrentLog(), ["3\n"])):
        assert reader.readLines(2) == lines
        assert reader.readLines() == []
        reader.close()
    with pytest.raises(ValueError):
        log.getLog(17)


def test_permissions_are_those_asked_for(tmp_path, opened):
    opened(logfile.LogFile("log", str(tmp_path), defaultMode=0o606))
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o606


def test_reopen_begins_a_file_under_the_name_again(tmp_path, opened):
    log = opened(logfile.LogFile("log", str(tmp_path)))
    log.write("before\n")
    os.rename(tmp_path / "log", tmp_path / "moved")
    log.write("still\n")
    log.reopen()
    log.write("after\n")
    log.flush()
    assert contents(tmp_path) == {"moved": "before\nstill\n", "log": "after\n"}


@OWN("Twisted closes the old one first, and is left with none")
def test_a_reopen_that_fails_keeps_the_old_one(tmp_path, opened):
    folder = tmp_path / "folder"
    folder.mkdir()
    log = opened(logfile.LogFile("log", str(folder)))
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(FileNotFoundError):
        log.reopen()
    log.write("kept\n")
    assert contents(tmp_path / "elsewhere") == {"log": "kept\n"}


@OWN("Twisted looks at permissions only")
def test_a_log_that_cannot_be_turned_over_grows_on(tmp_path, opened, monkeypatch):
    log = opened(logfile.LogFile("log", str(tmp_path), rotateLength=2))
    tries = []

    def refuse(source, target):
        tries.append(target)
        raise PermissionError(errno.EACCES, "no", source)

    monkeypatch.setattr(os, "rename", refuse)
    for _ in range(5):
        log.write("x")
    assert contents(tmp_path) == {"log": "xxxxx"}
    assert len(tries) == 2  # at 2 and at 4, not at every write


@OWN("Twisted sets the mode by name")
def test_the_mode_is_set_on_the_file_that_was_opened_whatever_has_its_name_now(tmp_path, opened, monkeypatch):
    secret = tmp_path / "secret"
    secret.write_text("")
    secret.chmod(0o600)
    really_open = os.open

    def open_and_be_replaced(path, *args, **kwargs):
        fd = really_open(path, *args, **kwargs)
        os.unlink(path)
        os.symlink(secret, path)
        return fd

    monkeypatch.setattr(os, "open", open_and_be_replaced)
    opened(logfile.LogFile("log", str(tmp_path), defaultMode=0o666))
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


@ON_A_FULL_DISK
@OWN("Twisted raises OSError into the one who logs")
def test_what_a_full_disk_does_not_take_is_written_later(tmp_path, opened):
    path = tmp_path / "log"
    path.symlink_to("/dev/full")
    log = opened(logfile.BaseLogFile("log", str(tmp_path)))
    log.write("waits\n")
    log.write("too\n")
    path.unlink()
    log.reopen()
    log.write("written\n")
    assert path.read_text() == "waits\ntoo\nwritten\n"


@ON_A_FULL_DISK
@OWN("Twisted raises OSError into the one who logs")
def test_only_so_much_waits_for_a_disk_and_what_was_lost_is_noted(tmp_path, opened):
    path = tmp_path / "log"
    path.symlink_to("/dev/full")
    log = opened(logfile.BaseLogFile("log", str(tmp_path)))
    log.write("x" * (1 << 20))
    log.write("lost\n")
    path.unlink()
    log.reopen()
    log.write("written\n")
    assert path.read_text() == "x" * (1 << 20) + "(5 bytes were lost here: the disk was full)\nwritten\n"


@OWN("Twisted fails in other words")
def test_a_closed_log_says_what_to_do(tmp_path):
    log = logfile.LogFile("log", str(tmp_path))
    log.close()
    log.close()
    with pytest.raises(ValueError, match=r"log was closed; reopen\(\) it"):
        log.write("x")


def test_a_log_that_cannot_be_opened_names_its_path(tmp_path):
    with pytest.raises(OSError, match="missing"):
        logfile.LogFile("log", str(tmp_path / "missing"))


class Daily(logfile.DailyLogFile):
    """One whose day the test decides."""

    day = (2026, 2, 28)

    def toDate(self, *args):
        return super().toDate(*args) if args else self.day


def test_a_daily_log_turns_over_with_the_day(tmp_path, opened):
    log = opened(Daily("log", str(tmp_path)))
    log.lastDate = log.day  # Twisted asks the file, which is of today
    log.write("Saturday\n")
    log.day = (2026, 3, 1)
    log.write("Sunday\n")
    log.write("still Sunday\n")
    log.flush()
    assert contents(tmp_path) == {"log.2026_2_28": "Saturday\n", "log": "Sunday\nstill Sunday\n"}
    reader = log.getLog(time.mktime((2026, 2, 28, 12, 0, 0, 0, 0, -1)))
    assert reader.readLines() == ["Saturday\n"]
    reader.close()
    with pytest.raises(ValueError):
        log.getLog(time.mktime((1999, 12, 31, 12, 0, 0, 0, 0, -1)))


@OWN("Twisted goes by the time of the inode's last change, which no test can set")
def test_a_daily_log_of_yesterday_turns_over_at_the_first_write(tmp_path, opened):
    (tmp_path / "log").write_text("old\n")
    noon = time.mktime((2026, 2, 27, 12, 0, 0, 0, 0, -1))
    os.utime(tmp_path / "log", (noon, noon))
    log = opened(Daily("log", str(tmp_path)))
    log.write("new\n")
    assert contents(tmp_path) == {"log.2026_2_27": "old\n", "log": "new\n"}


def test_a_daily_log_spares_the_file_of_a_day_that_is_there(tmp_path, opened):
    (tmp_path / "log.2026_2_28").write_text("precious\n")
    log = opened(Daily("log", str(tmp_path)))
    log.write("a\n")
    log.day = (2026, 3, 1)
    log.write("b\n")
    log.flush()
    assert contents(tmp_path) == {"log.2026_2_28": "precious\n", "log": "a\nb\n"}


def test_todays_log_is_the_current_one(tmp_path, opened):
    log = opened(logfile.DailyLogFile("log", str(tmp_path)))
    log.write("now\n")
    log.flush()
    reader = log.getLog(time.time())
    assert reader.readLines() == ["now\n"]
    reader.close()
