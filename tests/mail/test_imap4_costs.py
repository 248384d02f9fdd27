"""What a command of IMAP costs: a change reads no mailbox again, a piece of a message not all of it."""

import io
import os

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no IMAP mailbox in a Maildir", allow_module_level=True)

from reactor.mail import folder
from reactor.mail.folder import LATER_S
from reactor.mail.folders import MaildirAccount
from reactor.mail.imap4 import MemoryAccount, MemoryMailbox
from reactor.mail.imap4.server.fetch import Letter
from reactor.mail.maildir import Maildir
from tests.mail.imap4_doubles import House

COMMANDS = [
    b"NOOP",
    b"STORE 1 +FLAGS (\\Flagged)",
    b"STORE 2 +FLAGS (work)",
    b"APPEND INBOX {5+}\r\nhello",
    b"APPEND INBOX (\\Seen work) {5+}\r\nhello",
    b"APPEND There {5+}\r\nhello",
    b"COPY 1:2 There",
    b"COPY 1:2 INBOX",
    b"MOVE 1 There",
    b"STORE 2 +FLAGS (\\Deleted)",
    b"EXPUNGE",
    b"STATUS There (MESSAGES)",
    b"FETCH 1:* (FLAGS ENVELOPE)",
]


class World:
    """The time that the folders see, and how often they are read."""

    def __init__(self, monkeypatch):
        self.now, self.scans, self.opened = os.stat("/").st_mtime + 1e9, [], []
        scan, index, opened = Maildir.scan, folder.open_database, self.opened
        monkeypatch.setattr(Maildir, "scan", lambda maildir, part: self.scans.append(part) or scan(maildir, part))
        monkeypatch.setattr(folder, "open_database", lambda *args: opened.append(args) or index(*args))
        monkeypatch.setattr(folder.time, "time", lambda: self.now)


@pytest.fixture
def world(monkeypatch):
    return World(monkeypatch)


@pytest.fixture
def house(tmp_path, world):
    house = House(account=lambda name: MaildirAccount(tmp_path / "mail"))
    house.account.create("There")
    yield house
    house.account.close()


@pytest.fixture
def talk(house):
    talk = house.selected()
    talk.ask(b"APPEND There {5+}\r\nhello")
    yield talk
    talk.hang_up()


def test_no_command_reads_the_folders_again_when_nobody_else_has_changed_them(talk, world):
    world.scans.clear()
    world.opened.clear()
    for command in COMMANDS:
        _, last = talk.ask(command)
        assert last.startswith(b"OK"), (command, last)
        assert (world.scans, world.opened) == ([], []), command


def test_after_a_change_of_ours_the_folders_are_read_once_for_what_came_at_that_instant(talk, world, tmp_path):
    talk.ask(b"STORE 1 +FLAGS (\\Seen)")
    (name,) = (name for name in os.listdir(tmp_path / "mail/cur") if name.endswith("S"))
    status = os.stat(tmp_path / "mail/cur")
    (tmp_path / "mail/cur" / name).rename(tmp_path / "mail/cur" / (name + "T"))
    os.utime(tmp_path / "mail/cur", ns=(status.st_atime_ns, status.st_mtime_ns))  # within a tick of the clock
    world.scans.clear()
    assert talk.ask(b"NOOP")[0] == [] and world.scans == []
    world.now += LATER_S
    assert talk.ask(b"NOOP")[0] == [rb"* 1 FETCH (UID 1 FLAGS (\Deleted \Recent \Seen))"]
    world.now += LATER_S
    world.scans.clear()
    assert talk.ask(b"NOOP")[0] == [] and world.scans == []


def test_what_another_session_changes_is_seen_at_once_by_one_that_changes_things_too(talk, house):
    other = house.selected()
    assert other.ask(b"STORE 1 +FLAGS (\\Seen)")[1] == b"OK STORE is done"
    assert talk.ask(b"STORE 2 +FLAGS (work)")[0][1:] == [
        b"* FLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen work)",
        rb"* 1 FETCH (UID 1 FLAGS (\Recent \Seen))",
    ]
    other.ask(b"APPEND INBOX {3+}\r\nnew")
    assert other.ask(b"STORE 3 +FLAGS (\\Deleted)")[1] and other.ask(b"EXPUNGE")[1] == b"OK EXPUNGE is done"
    assert talk.ask(b"NOOP")[0] == [b"* 3 EXPUNGE", b"* 3 EXISTS", b"* 2 RECENT"]
    other.hang_up()


def test_two_sessions_at_rest_do_not_wake_each_other(talk, house, world):
    other = house.selected()
    other.ask(b"APPEND INBOX {3+}\r\nnew")
    world.now += LATER_S
    for _ in range(2):
        talk.ask(b"NOOP")
        other.ask(b"NOOP")
    world.scans.clear()
    for _ in range(3):
        assert talk.ask(b"NOOP")[0] == other.ask(b"NOOP")[0] == []
    assert world.scans == []
    other.hang_up()


@pytest.mark.parametrize("again", [True, False])
def test_a_mailbox_that_was_left_and_then_deleted_is_not_written_to(talk, house, again):
    talk.ask(b"APPEND There {3+}\r\none")
    other = MaildirAccount(house.account.path)
    other.delete("There")
    if again:
        other.create("There")
    _, last = talk.ask(b"APPEND There {3+}\r\ntwo")
    assert last.startswith(b"OK [APPENDUID" if again else b"NO [TRYCREATE]")
    if again:
        assert talk.ask(b"STATUS There (MESSAGES)")[0] == [b'* STATUS "There" (MESSAGES 1)']
    other.close()


def test_a_session_ends_when_its_mailbox_is_renamed_and_another_one_has_the_name(house):
    talk = house.logged_in()
    talk.ask(b"APPEND There {3+}\r\none")
    talk.ask(b"SELECT There")
    other = MaildirAccount(house.account.path)
    other.rename("There", "Elsewhere")
    other.create("There")
    assert talk.say(b"x NOOP")[-1] == b"* BYE the mailbox is gone"
    elsewhere = other.select("Elsewhere")
    assert elsewhere.uids() == [1]
    elsewhere.close()
    other.close()
    talk.hang_up()


# --- messages


class Big(io.BytesIO):
    """A letter that says how much of it was read."""

    read_bytes = 0

    def read(self, size=-1):
        found = super().read(size)
        Big.read_bytes += len(found)
        return found


@pytest.fixture
def big(monkeypatch):
    """A session with one letter of 10 MB."""
    monkeypatch.setattr(MemoryMailbox, "open", lambda mailbox, message: Big(message.place))
    Big.read_bytes = 0
    house = House([b"Subject: big\r\nFrom: ann@example\r\n\r\n" + b"0123456\r\n" * 1_100_000], account=MemoryAccount)
    return house.selected()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (b"ENVELOPE", b"big"),
        (b"RFC822.HEADER", b"Subject: big"),
        (b"BODY.PEEK[HEADER.FIELDS (FROM)]", b"ann@example"),
        (b"BODY.PEEK[]<5000000.20>", b"{20}"),
        (b"BODY.PEEK[TEXT]<5000000.20>", b"{20}"),
    ],
)
def test_what_is_asked_about_a_letter_does_not_read_all_of_it(big, asked, said):
    assert said in b"\r\n".join(big.ask(b"FETCH 1 (" + asked + b")")[0])
    assert Big.read_bytes < 300_000


@pytest.mark.parametrize("keys", [b"SUBJECT big", b"SENTBEFORE 1-Jan-2020", b"HEADER From ann"])
def test_a_search_in_headers_reads_headers(big, keys):
    assert big.ask(b"SEARCH " + keys)[0] == [b"* SEARCH 1"]
    assert Big.read_bytes < 300_000


def ask_slowly(talk, command):
    """Say a command. The client takes no more than is written first."""
    write = talk.transport.write
    talk.transport.write = lambda data: write(data) or talk.session.pauseProducing()
    talk.session.dataReceived(command)
    talk.transport.write = write


def test_a_body_is_read_as_the_client_takes_it(big):
    ask_slowly(big, b"x FETCH 1 (BODY.PEEK[])\r\n")
    assert 0 < Big.read_bytes < 300_000
    big.session.resumeProducing()
    big.house.clock.pump([0.0] * 1000)
    assert Big.read_bytes > 9_900_000 and big.hear()[-1] == b"x OK FETCH is done"


def test_the_file_of_a_letter_is_closed_when_the_session_ends_in_the_middle_of_it(big, monkeypatch):
    files = []
    monkeypatch.setattr(MemoryMailbox, "open", lambda mailbox, message: files.append(Big(message.place)) or files[-1])
    ask_slowly(big, b"x FETCH 1 (BODY.PEEK[])\r\n")
    assert [file.closed for file in files] == [False]
    big.hang_up()
    assert [file.closed for file in files] == [True]


def test_a_letter_that_becomes_shorter_while_it_is_sent_ends_the_connection(big, monkeypatch, logged_errors):
    class Shrinking(Big):
        def seek(self, place, whence=0):
            return super().seek(place, whence) + (1000 if whence == io.SEEK_END else 0)

    monkeypatch.setattr(MemoryMailbox, "open", lambda mailbox, message: Shrinking(message.place))
    big.session.dataReceived(b"x FETCH 1 (BODY.PEEK[])\r\n")
    big.house.clock.pump([0.0] * 1000)
    assert big.transport.disconnected or big.transport.disconnecting
    assert not big.transport.value().endswith(b"\r\nx OK FETCH is done\r\n") and b"x NO" not in big.transport.value()
    assert "ends 1000 bytes before" in str(logged_errors.flush(EOFError)[0])


def test_a_header_without_an_end_is_read_in_steps_that_grow():
    class Message:
        def getUID(self):
            return 1

        def open(self):
            return Big(b"x: y\r\n" * 500_000)

    Big.read_bytes = 0
    letter = Letter(Message(), 1, False)
    assert letter.head.body == 3_000_000 and Big.read_bytes == 3_000_000
    letter.forget()
