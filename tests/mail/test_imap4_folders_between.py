"""What another program, or another session, does with a mailbox of IMAP in between."""

import io
import os

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no IMAP mailbox in a Maildir", allow_module_level=True)

from reactor.mail import folder
from reactor.mail.crlf import CrlfFile
from reactor.mail.folder import STILL_S
from reactor.mail.folders import MaildirAccount
from reactor.mail.imap4 import MessageSet
from reactor.mail.maildir import Maildir
from tests.mail.folder_doubles import again, only, seen
from tests.mail.imap4_doubles import LETTERS


@pytest.fixture
def account(tmp_path):
    account = MaildirAccount(tmp_path / "mail")
    yield account
    account.close()


@pytest.fixture
def inbox(account):
    """INBOX, with three letters."""
    maildir = Maildir(account.path)
    for letter in LETTERS:
        maildir.deliver(letter)
    mailbox = account.select("INBOX")
    yield mailbox
    mailbox.close()


def test_messages_that_are_known_stay_the_same_objects_when_others_change(account, inbox):
    first = inbox._messages[1]
    Maildir(account.path).deliver(b"another")
    assert inbox.uids() == [1, 2, 3, 4] and inbox._messages[1] is first


def test_a_letter_that_was_away_has_another_UID_for_whoever_has_not_missed_it_too(account, inbox, tmp_path):
    name = only(account.path / "new")[0]
    os.rename(account.path / "new" / name, tmp_path / "away")
    assert sorted(again(account)[2]) == [2, 3]
    os.rename(tmp_path / "away", account.path / "new" / name)
    assert sorted(again(account)[2]) == [2, 3, 4]
    assert inbox.uids() == [2, 3, 4]


def test_letters_are_recent_once_for_all_sessions(account, inbox):
    assert inbox.takeRecent(keep=True) == {1, 2, 3} == inbox.takeRecent()
    assert inbox.takeRecent() == set() and only(account.path / "new") == []
    other = account.select("INBOX")
    assert other.takeRecent() == set()
    other.close()


def test_a_folder_whose_name_looks_like_flags_gives_none_to_letters(tmp_path):
    account = MaildirAccount(tmp_path / "x:2,FS" / "mail")
    Maildir(account.path).deliver(b"x")
    assert again(account)[2] == {1: []}
    account.close()


def test_a_letter_that_is_renamed_while_it_is_read_keeps_its_UID(account, inbox):
    name = only(account.path / "new")[0]
    os.rename(account.path / "new" / name, account.path / "cur" / f"{name}:2,S")
    with inbox._messages[1].open() as file:
        assert b"first" in file.read()
    assert seen(inbox) == {1: [r"\Seen"], 2: [], 3: []}
    inbox.store(MessageSet(1), [r"\Flagged"], 1, True)
    assert only(account.path / "cur") == [f"{name}:2,FS"]


def test_a_letter_that_another_program_removes_at_that_instant_is_nobodys(account, inbox, monkeypatch):
    """A STORE goes on with the others; a COPY, which is all or none, fails."""
    real = folder.os.rename
    gone = account.path / "new" / only(account.path / "new")[0]
    monkeypatch.setattr(folder.os, "rename", lambda *paths: (gone.unlink(missing_ok=True), real(*paths)))
    inbox.store(MessageSet(1, 2), [r"\Seen"], 1, True)
    monkeypatch.undo()
    os.utime(account.path / "new")
    assert seen(inbox) == {2: [r"\Seen"], 3: []}


def test_a_letter_that_another_session_takes_in_while_it_is_added_is_there_once_with_its_flags(
    account, inbox, monkeypatch
):
    write = Maildir.write
    monkeypatch.setattr(Maildir, "write", lambda *args: (write(*args), again(account))[0])
    added = []
    inbox.addMessage(io.BytesIO(b"x"), [r"\Seen", "work"]).addCallback(added.append)
    assert added == [4] and seen(inbox)[4] == again(account)[2][4] == [r"\Seen", "work"]
    assert again(account)[1] == 5


def test_a_letter_that_another_program_takes_away_while_it_is_added_has_no_UID(account, inbox, monkeypatch):
    write = Maildir.write

    def taken(maildir, *args):
        name = write(maildir, *args)
        os.unlink(maildir.path / "new" / name)
        return name

    monkeypatch.setattr(Maildir, "write", taken)
    added = []
    inbox.addMessage(io.BytesIO(b"x")).addCallback(added.append)
    assert added == [None] and inbox.uids() == [1, 2, 3]


def test_a_letter_that_comes_within_a_tick_of_the_clock_is_seen_at_once(account, inbox, monkeypatch):
    status = os.stat(account.path / "new")
    monkeypatch.setattr(folder.time, "time", lambda: status.st_mtime + STILL_S / 2)
    inbox._again_at = 0.0
    assert inbox.uids() == [1, 2, 3]
    Maildir(account.path, now=lambda: 2e9).deliver(b"another")
    os.utime(account.path / "new", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert inbox.uids() == [1, 2, 3, 4]


def test_the_size_of_a_letter_is_counted_once_and_again_when_its_file_was_written_anew(account, inbox, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(CrlfFile, "_next", lambda file: pytest.fail("counted"))
        with inbox._messages[1].open() as file:
            assert file.seek(0, io.SEEK_END) == inbox._messages[1].getSize()
    path = account.path / "new" / only(account.path / "new")[0]
    path.write_bytes(b"other\n")
    os.utime(path, (1, 1))
    with inbox._messages[1].open() as file:
        assert file.seek(0, io.SEEK_END) == 7 and file.seek(0) == 0 and file.read() == b"other\r\n"
