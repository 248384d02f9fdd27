"""Mailboxes of IMAP in Maildirs: what is on the disk is the truth, whoever has put it there."""

import errno
import os
import sqlite3
import stat

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no IMAP mailbox in a Maildir", allow_module_level=True)

from reactor.mail import folder
from reactor.mail.folder import Folder
from reactor.mail.folders import MaildirAccount
from reactor.mail.imap4 import MessageSet
from reactor.mail.imap4.mailbox import MailboxException
from reactor.mail.maildir import Maildir
from tests.mail.folder_doubles import again, only, seen
from tests.mail.imap4_doubles import LETTERS, House


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


def test_UIDs_follow_the_order_of_delivery_and_stay(account, inbox):
    validity = inbox.getUIDValidity()
    subjects = []
    for uid in inbox.uids():
        with inbox._messages[uid].open() as file:
            subjects.append(file.read().partition(b"Subject: ")[2][:4])
    assert subjects == [b"one\r", b"two\r", b"=?ut"]
    assert seen(inbox) == {1: [], 2: [], 3: []}
    assert again(account) == (validity, 4, {1: [], 2: [], 3: []})


def test_a_letter_that_another_program_delivers_gets_the_next_UID(account, inbox):
    inbox.uids()
    (account.path / "new" / "1000000000.M1P1.elsewhere").write_bytes(b"Subject: old time\n\nx\n")
    assert inbox.uids() == [1, 2, 3, 4]
    with inbox._messages[4].open() as file:
        assert file.read() == b"Subject: old time\r\n\r\nx\r\n"
    assert inbox._messages[4].getSize() == len(b"Subject: old time\r\n\r\nx\r\n")


def test_flags_that_another_program_sets_are_seen_and_have_a_new_modseq(account, inbox):
    before = inbox.highestModseq()
    first = only(account.path / "new")[0]
    os.rename(account.path / "new" / first, account.path / "cur" / f"{first}:2,FRS")
    assert seen(inbox) == {1: [r"\Answered", r"\Flagged", r"\Seen"], 2: [], 3: []}
    assert inbox._messages[1].getModseq() == inbox.highestModseq() > before


def test_a_letter_that_another_program_removes_is_gone_and_its_UID_is_never_given_again(account, inbox):
    before = inbox.highestModseq()
    for name in only(account.path / "new"):
        os.unlink(account.path / "new" / name)
    assert inbox.uids() == [] and inbox.highestModseq() > before
    Maildir(account.path).deliver(b"x")
    assert inbox.uids() == [4]


def test_flags_are_in_the_names_and_keywords_in_the_index(account, inbox):
    inbox.store(MessageSet(2), [r"\Seen", r"\Deleted", "work"], 0, True)
    inbox.store(MessageSet(2), ["$MDNSent"], 1, True)
    (name,) = only(account.path / "cur")
    assert name.endswith(":2,ST")
    assert again(account)[2][2] == ["$MDNSent", r"\Deleted", r"\Seen", "work"]
    os.rename(account.path / "cur" / name, account.path / "cur" / (name[:-2] + "P"))  # of others: P is "passed"
    inbox.store(MessageSet(2), [r"\Draft"], 1, True)
    assert only(account.path / "cur")[0].endswith(":2,DP")


def test_expunge_removes_files_and_tells_numbers(account, inbox):
    inbox.store(MessageSet(1, 2), [r"\Deleted"], 1, True)
    assert inbox.expunge() == [2, 1]
    assert only(account.path / "cur") == [] and len(only(account.path / "new")) == 1
    assert again(account)[2] == {3: []}


def test_copies_share_a_file_and_moves_leave_none_and_keywords_go_along(account, inbox):
    account.create("There")
    there = account.select("There")
    inbox.store(MessageSet(1), [r"\Seen", "work"], 0, True)
    assert inbox.copyTo([1, 2], there) == {1: 1, 2: 2}
    assert seen(there) == {1: [r"\Seen", "work"], 2: []}
    assert {os.stat(account.path / ".There/cur" / name).st_nlink for name in only(account.path / ".There/cur")} == {2}
    assert inbox.copyTo([1, 3, 9], there, move=True) == {1: 3, 3: 4}
    assert inbox.uids() == [2] and seen(there)[3] == [r"\Seen", "work"]
    there.close()


@pytest.mark.parametrize("move", [False, True])
def test_of_a_copy_that_fails_half_way_nothing_is_left(account, inbox, move, monkeypatch):
    account.create("There")
    there = account.select("There")
    real, calls = (os.rename, os.link)[not move], []

    def failing(old, new):
        calls.append(new)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, "no space left on device")
        real(old, new)

    monkeypatch.setattr(folder.os, "rename" if move else "link", failing)
    with pytest.raises(OSError, match="no space"):
        inbox.copyTo([1, 2, 3], there, move)
    monkeypatch.undo()
    assert inbox.uids() == [1, 2, 3] and there.uids() == []
    assert only(account.path / ".There/cur") == []
    there.close()


def test_UIDVALIDITY_differs_for_a_mailbox_that_is_made_again_and_moves_with_a_rename(account):
    account.create("A")
    first = again(account, "A")[0]
    account.rename("A", "B")
    assert again(account, "B")[0] == first
    assert account.delete("B") is True
    account.create("B")
    assert again(account, "B")[0] > first


def test_an_index_that_is_broken_is_put_aside_and_UIDVALIDITY_changes(account, inbox):
    validity = inbox.getUIDValidity()
    inbox.close()
    for name in ("imap.sqlite-wal", "imap.sqlite-shm"):
        (account.path / name).unlink(missing_ok=True)
    (account.path / "imap.sqlite").write_bytes(b"nonsense" * 1000)
    found = again(account)
    assert found[0] > validity and found[2] == {1: [], 2: [], 3: []}
    assert (account.path / "imap.broken").exists()


def test_mailboxes_are_folders_as_maildir_plus_plus_has_them(account):
    account.create("Sent.2026")
    account.create("Entwürfe")
    assert {name for name in only(account.path) if name.startswith(".")} == {".Sent", ".Sent.2026", ".Entw&APw-rfe"}
    assert stat.S_IMODE(os.stat(account.path / ".Sent").st_mode) == 0o700
    assert stat.S_IMODE(os.stat(account.path / "account.sqlite").st_mode) == 0o600
    Maildir(account.path / ".Theirs.Deep")
    (account.path / ".no mailbox").mkdir()
    Maildir(account.path / ".&AGE-")  # no modified UTF-7: another program's
    found = [name for name, _ in account.listMailboxes("", "*")]
    assert found == ["Entwürfe", "INBOX", "Sent", "Sent.2026", "Theirs", "Theirs.Deep"]
    assert dict(account.listMailboxes("", "T%"))["Theirs"].getFlags() == [r"\Noselect"]
    account.subscribe("Sent")
    again = MaildirAccount(account.path)
    assert again.subscribed() == {"Sent"}
    again.unsubscribe("Sent")
    again.close()
    assert account.subscribed() == set()


def test_a_rename_takes_along_what_is_below_and_no_neighbour(account):
    for name in ("A.B", "AB", "A.B.C"):
        account.create(name)
    account.rename("A", "Z.Y")
    assert account.names() == ["AB", "INBOX", "Z.Y", "Z.Y.B", "Z.Y.B.C"]


@pytest.mark.parametrize("error", ["disk I/O error", "database or disk is full", "database is locked"])
def test_what_the_index_says_of_the_disk_is_an_OSError(account, inbox, error, monkeypatch):
    class Failing:
        def execute(self, *_):
            raise sqlite3.OperationalError(error)

    index, inbox._index = inbox._index, Failing()
    with pytest.raises(OSError, match=error) as caught:
        inbox.look()
    assert (caught.value.errno == errno.ENOSPC) == ("full" in error)
    inbox._index = index


def test_a_full_disk_is_NO_and_the_session_goes_on(tmp_path, logged_errors, monkeypatch):
    house = House(account=lambda name: MaildirAccount(tmp_path / "mail"))
    talk = house.selected()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("reactor.mail.maildir.os.fsync", full)
    assert talk.ask(b"APPEND INBOX {1+}\r\nx")[1] == b"NO [UNAVAILABLE] something is wrong here"
    monkeypatch.undo()
    monkeypatch.setattr("reactor.mail.folder.os.rename", full)
    assert talk.ask(b"STORE 1 +FLAGS (\\Flagged)")[1] == b"NO [UNAVAILABLE] something is wrong here"
    monkeypatch.undo()
    assert len(logged_errors.flush(OSError)) == 2
    assert talk.ask(b"STORE 1 +FLAGS (\\Flagged)")[0] == [b"* 1 FETCH (UID 1 FLAGS (\\Flagged \\Recent))"]
    assert only(tmp_path / "mail/tmp") == []
    talk.hang_up()


def test_IDLE_ends_when_the_mailbox_is_deleted(tmp_path):
    house = House(account=lambda name: MaildirAccount(tmp_path / "mail"))
    house.account.create("Work")
    talk = house.selected(b"Work")
    talk.say(b"i IDLE")
    house.account.delete("Work")
    house.clock.advance(talk.session.idlePollTime)
    assert talk.hear() == [b"* BYE the mailbox is gone"]
    assert talk.transport.disconnecting
    talk.hang_up()
    assert house.clock.getDelayedCalls() == []


def test_IDLE_ends_when_the_disk_fails(tmp_path, logged_errors, monkeypatch):
    house = House(account=lambda name: MaildirAccount(tmp_path / "mail"))
    talk = house.selected()
    talk.say(b"i IDLE")

    def broken(*_):
        raise OSError(errno.EIO, "the disk is broken")

    monkeypatch.setattr(Folder, "look", broken)
    house.clock.advance(talk.session.idlePollTime)
    assert talk.hear() == [b"* BYE the mailbox can't be read any more"]
    assert len(logged_errors.flush(OSError)) == 1
    monkeypatch.undo()
    talk.hang_up()


@pytest.mark.parametrize("command", [b"DELETE Work", b"RENAME Work Rest", b"RENAME Work Work2"])
def test_a_mailbox_that_goes_while_its_own_session_has_it_open_is_closed(tmp_path, command):
    house = House(account=lambda name: MaildirAccount(tmp_path / "mail"))
    house.account.create("Work")
    talk = house.selected(b"Work")
    assert talk.ask(command) == ([], b"OK [CLOSED] %b is done" % command.split()[0])
    assert talk.ask(b"SELECT INBOX")[1] == b"OK [READ-WRITE] SELECT is done"
    talk.hang_up()


def test_a_mailbox_stays_open_that_could_not_be_deleted(tmp_path):
    house = House(account=lambda name: MaildirAccount(tmp_path / "mail"))
    house.account.create("Work.more")
    talk = house.selected(b"Work")
    assert talk.ask(b"DELETE Work")[1].startswith(b"NO [CANNOT] there are mailboxes below Work")
    assert talk.ask(b"CHECK")[1] == b"OK CHECK is done"
    talk.hang_up()


@pytest.mark.parametrize(
    "command", [b"NOOP", b"FETCH 1:* FLAGS", b"STORE 1:* FLAGS (\\Seen)", b"EXPUNGE", b"SEARCH ALL"]
)
def test_a_session_ends_whose_mailbox_another_one_has_deleted(tmp_path, command):
    house = House(account=lambda name: MaildirAccount(tmp_path / "mail"))
    house.account.create("Work")
    talk = house.selected(b"Work")
    house.account.delete("Work")
    assert talk.say(b"x " + command)[-1] == b"* BYE the mailbox is gone"
    assert talk.transport.disconnecting
    talk.hang_up()


def test_a_name_that_is_too_long_for_a_file_is_no_name(account):
    for name in ("a" * 201, "日本" * 60):
        with pytest.raises(MailboxException, match="can't be the name of a mailbox"):
            account.create(name)
    account.create("日" * 80)


def test_LIST_of_many_mailboxes_takes_no_longer_for_their_children(tmp_path):
    house = House(account=lambda name: MaildirAccount(tmp_path / "mail"))
    for number in range(300):
        (tmp_path / f"mail/.a{number:03}.b/cur").mkdir(parents=True)
    calls, real = [], house.account.listMailboxes
    house.account.listMailboxes = lambda *words: calls.append(words) or real(*words)
    talk = house.logged_in()
    house.account.subscribe("a001.b")
    lines = talk.say(b'x LIST "" * RETURN (CHILDREN SUBSCRIBED)')
    while not lines[-1].startswith(b"x "):
        house.clock.advance(0)
        lines += talk.hear()
    assert b'* LIST (\\Noselect \\HasChildren) "." "a000"' in lines
    assert b'* LIST (\\Subscribed \\HasNoChildren) "." "a001.b"' in lines
    assert len(lines) == 602 and len(calls) == 2
    talk.hang_up()


def test_IDLE_tells_of_a_letter_that_another_program_delivers(tmp_path):
    house = House(account=lambda name: MaildirAccount(tmp_path / "mail"))
    talk = house.selected()
    talk.say(b"i IDLE")
    Maildir(tmp_path / "mail").deliver(b"new")
    house.clock.advance(talk.session.idlePollTime)
    assert talk.hear() == [b"* 4 EXISTS", b"* 4 RECENT"]
    assert talk.say(b"DONE") == [b"i OK IDLE is done"]
    talk.hang_up()
    assert house.clock.getDelayedCalls() == []
