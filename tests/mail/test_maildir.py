"""Maildirs: what is in the folders, what other programs do there meanwhile, and what a delivery promises."""

import errno
import os
import threading
import time

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's Maildir syncs nothing, and has one reader", allow_module_level=True)

from reactor.mail import maildir as module
from reactor.mail.maildir import ABANDONED_S, Maildir, MaildirMailbox, Maildirs, initializeMaildir
from reactor.mail.maildrop import InUse
from reactor.threadpool import ThreadPoolFull
from tests.support.outcomes import outcomes

LETTER = b"Subject: soup\r\n\r\n.of the day\r\n"


@pytest.fixture
def box(tmp_path):
    return Maildir(tmp_path / "alice")


def put(box, name, text=b"Subject: x\n\nbody\n", folder="new"):
    """What another program does."""
    path = box.path / folder / name
    path.write_bytes(text)
    return path


def texts(box):
    found = []
    for letter in box.letters():
        with box.open(letter) as file:
            found.append(file.read())
    return found


def test_a_letter_is_kept_with_LF_and_sized_with_CRLF(box):
    box.deliver(LETTER)
    (letter,) = box.letters()
    assert letter.size == len(LETTER)
    assert texts(box) == [LETTER.replace(b"\r\n", b"\n")]
    (name,) = os.listdir(box.path / "new")
    assert name.endswith(f",S={len(LETTER) - 3},W={len(LETTER)}") and os.listdir(box.path / "tmp") == []


def test_a_letter_is_synced_before_it_gets_its_name_and_the_name_before_it_is_promised(box, monkeypatch):
    done = []
    fsync, rename = os.fsync, os.rename
    monkeypatch.setattr(os, "fsync", lambda fd: (done.append(os.readlink(f"/proc/self/fd/{fd}")), fsync(fd)))
    monkeypatch.setattr(os, "rename", lambda old, new: (done.append("rename"), rename(old, new)))
    box.deliver(LETTER)
    assert [step if step == "rename" else os.path.relpath(step, box.path)[:4] for step in done] == [
        "tmp/",
        "rename",
        "new",
    ]


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_full_disk_is_an_error_that_leaves_nothing_and_passes(box, monkeypatch, step):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(OSError, match="No space left"):
            box.deliver(LETTER)
    assert box.letters() == [] and os.listdir(box.path / "tmp") == []
    box.deliver(LETTER)
    assert len(box.letters()) == 1


def test_a_folder_that_cant_be_synced_takes_the_promise_back(box, monkeypatch):
    def broken(path):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(module, "_sync_folder", broken)
    with pytest.raises(OSError, match="Input/output"):
        box.deliver(LETTER)
    assert box.letters() == []


def test_with_a_reactor_the_disk_is_waited_for_in_a_thread(tmp_path, one_reactor, monkeypatch):
    box = Maildir(tmp_path / "alice", one_reactor)
    done = []

    def begin():
        done.append(threading.get_ident())
        box.deliver(LETTER).addBoth(done.append).addBoth(lambda _: one_reactor.stop())

    one_reactor.callWhenRunning(begin)
    monkeypatch.setattr(module, "wire_size", lambda text: done.append(threading.get_ident()) or 0)
    one_reactor.run()
    assert done[0] != done[1] and done[2] is None and len(box.letters()) == 1


def test_when_too_much_waits_for_the_disk_the_error_is_a_temporary_one(tmp_path, one_reactor, monkeypatch):
    def full(*args, **kw):
        raise ThreadPoolFull("the queue is full")

    monkeypatch.setattr(one_reactor.getThreadPool(), "callInThreadWithCallback", full)
    (failure,) = outcomes(Maildir(tmp_path / "alice", one_reactor).deliver(LETTER))
    assert failure.check(OSError) and failure.value.errno == errno.EAGAIN


def test_names_are_never_used_twice_even_within_one_tick_of_the_clock(tmp_path):
    box = Maildir(tmp_path / "alice", now=lambda: 1764500000.25)
    for _ in range(50):
        box.deliver(LETTER)
    names = [letter.unique for letter in box.letters()]
    assert len({*names}) == 50 and all(name.startswith("1764500000.M250000P") for name in names)


def test_letters_of_other_programs_are_found_in_new_and_cur_in_the_order_of_their_names(box):
    put(box, "1700000002.1.host:2,S", folder="cur")
    put(box, "1700000001.M9P1.host")
    put(box, "1700000001.M10P1.host")
    put(box, "999.old.host")
    put(box, "draft-without-a-number")
    put(box, ".hidden")
    assert [letter.unique for letter in box.letters()] == [
        "draft-without-a-number",
        "999.old.host",
        "1700000001.M9P1.host",
        "1700000001.M10P1.host",
        "1700000002.1.host",
    ]


@pytest.mark.parametrize(
    "text, size",
    [(b"a\nb\n", 6), (b"a\r\nb\r\n", 6), (b"a\nb", 6), (b"a\rb\n", 6), (b"\n\r", 4), (b"", 2)],
)
def test_a_size_is_what_will_be_sent_whatever_ends_the_lines(box, text, size):
    put(box, "1.one.host", text)
    assert box.letters()[0].size == size


def test_a_letter_of_another_program_is_counted_once(box, monkeypatch):
    put(box, "1.one.host", b"a\n")
    assert [letter.size for letter in box.letters()] == [3]
    monkeypatch.setattr(module, "wire_size", lambda text: pytest.fail("counted again"))
    assert [letter.size for letter in box.letters()] == [3]


def test_a_letter_that_was_moved_and_flagged_meanwhile_is_still_found(box):
    put(box, "1.one.host", b"here\n")
    (letter,) = box.letters()
    os.rename(box.path / "new/1.one.host", box.path / "cur/1.one.host:2,FS")
    with box.open(letter) as file:
        assert file.read() == b"here\n"
    os.rename(box.path / "cur/1.one.host:2,FS", box.path / "cur/1.one.host:2,S")
    box.remove(letter)
    assert os.listdir(box.path / "cur") == []


def test_a_letter_that_another_program_removed_is_gone_and_may_be_removed_again(box):
    put(box, "1.one.host")
    (letter,) = box.letters()
    os.unlink(box.path / "new/1.one.host")
    with pytest.raises(FileNotFoundError):
        box.open(letter)
    box.remove(letter)


def test_a_folder_that_changes_while_it_is_read_is_read_again(box, monkeypatch):
    put(box, "1.one.host", folder="cur")
    put(box, "2.two.host", folder="cur")
    listdir, reads = os.listdir, []

    def renaming(path):
        found = listdir(path)
        if str(path).endswith("cur") and not reads:
            reads.append(path)
            os.rename(box.path / "cur/2.two.host", box.path / "cur/2.two.host:2,S")
            os.utime(box.path / "cur", (1, 1))  # as if a tick of the folder's time had passed
            return [name for name in found if not name.startswith("2.")]  # as readdir may
        return found

    monkeypatch.setattr(os, "listdir", renaming)
    assert [letter.unique for letter in box.letters()] == ["1.one.host", "2.two.host"]


def test_a_letter_in_new_and_cur_at_once_is_one_letter(box):
    put(box, "1.one.host")
    put(box, "1.one.host:2,S", folder="cur")
    assert [letter.unique for letter in box.letters()] == ["1.one.host"]


def test_one_session_has_the_mailbox_and_the_next_when_it_is_unlocked(box):
    unlock = box.lock()
    with pytest.raises(InUse, match="is open in another session"):
        Maildir(box.path).lock()
    unlock()
    Maildir(box.path).lock()()


def test_what_a_crash_left_in_tmp_is_cleared_away_when_it_is_old(box):
    old, young = put(box, "old", folder="tmp"), put(box, "young", folder="tmp")
    os.utime(old, (time.time() - ABANDONED_S - 60,) * 2)
    box.lock()()
    assert not old.exists() and young.exists()


def test_a_mailbox_has_the_letters_of_when_it_was_opened(tmp_path):
    box = Maildir(tmp_path)
    box.deliver(LETTER)
    mailbox = MaildirMailbox(tmp_path)
    box.deliver(LETTER)
    assert mailbox.listMessages() == [len(LETTER)]
    assert len(MaildirMailbox(tmp_path).listMessages()) == 2


def test_the_uidl_of_a_letter_outlives_sessions_flags_and_other_letters(box):
    put(box, "5.five.host")
    before = MaildirMailbox(box.path).getUidl(0)
    os.rename(box.path / "new/5.five.host", box.path / "cur/5.five.host:2,S")
    put(box, "4.four.host")
    after = MaildirMailbox(box.path)
    assert after.getUidl(1) == before != after.getUidl(0)
    assert len(before) == 32 and before.isalnum()


def test_a_Maildir_is_for_its_owner_alone(tmp_path):
    initializeMaildir(tmp_path / "a")
    initializeMaildir(tmp_path / "a")
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "a").iterdir()} == {
        "cur": "0o700",
        "new": "0o700",
        "tmp": "0o700",
    }
    Maildir(tmp_path / "a").deliver(LETTER)
    (name,) = os.listdir(tmp_path / "a/new")
    assert oct((tmp_path / "a/new" / name).stat().st_mode & 0o777) == "0o600"


def test_everybody_has_a_Maildir_in_the_folder(tmp_path):
    Maildirs(tmp_path)[b"alice"].deliver(LETTER)
    assert len(Maildirs(tmp_path)[b"alice"].letters()) == 1
    assert Maildirs(tmp_path)["zoë".encode()].path == tmp_path / "zoë"


@pytest.mark.parametrize("name", [b"", b".", b"..", b".ssh", b"a/b", b"/etc", b"a\0b", b"\xff", b"a" * 256, ()])
def test_a_name_that_leads_elsewhere_has_no_Maildir(tmp_path, name):
    with pytest.raises(KeyError):
        Maildirs(tmp_path)[name]
    assert os.listdir(tmp_path) == []
