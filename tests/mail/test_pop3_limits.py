"""What a client of POP3 may not do: nonsense, lines without an end, commands that nobody can keep up with."""

import io

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's POP3 differs in what it refuses", allow_module_level=True)

from reactor.defer import Deferred
from reactor.mail.pop3 import POP3
from reactor.mail.pop3.wire import TopOfFile
from reactor.protocols.basic import conversation as conversation_module
from tests.mail.pop3_doubles import House

BAD = b"-ERR [AUTH] this name and password let nobody in\r\n"


@pytest.fixture
def house():
    return House()


def test_time_that_is_up_deletes_nothing(house):
    talk = house.logged_in()
    talk.say(b"DELE 1")
    house.clock.advance(POP3.timeOut - 1)
    talk.say(b"NOOP")
    house.clock.advance(POP3.timeOut - 1)
    assert not talk.transport.disconnected
    house.clock.advance(2)
    assert talk.transport.disconnected
    talk.hang_up()
    assert len(house.store.letters()) == 3 and not house.clock.getDelayedCalls()


def test_who_talks_without_logging_in_gets_no_more_time(house):
    talk = house.open()
    for _ in range(int(POP3.loginTimeOut // 10)):
        assert not talk.transport.disconnected
        talk.say(b"CAPA")
        house.clock.advance(10)
    assert talk.transport.disconnected


@pytest.mark.parametrize("at", range(-3, 4))
def test_a_dot_at_the_edge_of_a_chunk_is_doubled(at, monkeypatch):
    monkeypatch.setattr(conversation_module, "PIECE", 64)
    text = b"x" * (62 + at) + b"\r\n." + b"y" * 40 + b"\r\n"
    heard = House([text]).logged_in().say(b"RETR 1")
    assert heard == b"+OK %d bytes\r\n" % len(text) + text.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def test_TOP_with_long_lines_stays_within_its_pieces():
    letter = b"H: " + b"x" * 100_000 + b"\r\n\r\n" + b"y" * 100_000 + b"\r\nz\r\n"
    top, pieces = TopOfFile(io.BytesIO(letter), 1), []
    while piece := top.read(1000):
        pieces.append(piece)
    assert b"".join(pieces) == letter[:-3] and max(map(len, pieces)) < 2000


@pytest.mark.parametrize(
    "command, says",
    [
        (b"", b"a command begins with a word"),
        (b"\xff\xfe", b"a command begins with a word"),
        (b"RETR 1\0", b"is no number"),
        (b"RETR +1", b"is no number"),
        (b"RETR 1_0", b"is no number"),
        (b"RETR \xd9\xa1", b"is no number"),
        (b"RETR 99999999999", b"is no number"),
        (b"RETR -1", b"is no number"),
        (b"RETR 0", b"message 0 isn't there"),
        (b"RETR 4", b"message 4 isn't there"),
        (b"RETR", b"RETR has 1 to 1 arguments, not 0"),
        (b"STAT 1", b"STAT has 0 to 0 arguments, not 1"),
        (b"LIST 1 2", b"LIST has 0 to 1 arguments, not 2"),
        (b"TOP 1", b"TOP has 2 to 2 arguments"),
        (b"TOP 1 x", b"is no number"),
        (b"XTND XMIT", b"XTND is no command here"),
        (b"__CLASS__", b"a command begins with a word"),
        (b"PASS a secret", b"doesn't come after the login"),
    ],
)
def test_a_command_that_is_none_is_answered_and_says_what_is_wrong(house, command, says):
    heard = house.logged_in().say(command)
    assert heard.startswith(b"-ERR ") and says in heard and heard.count(b"\r\n") == 1


def test_five_errors_in_a_row_end_the_session(house):
    talk = house.logged_in()
    talk.say(*[b"NONSENSE"] * 4)
    talk.say(b"NOOP")
    assert talk.say(*[b"NONSENSE"] * 9).count(b"-ERR") == 5 and talk.transport.disconnecting


def test_messages_that_arent_there_are_no_errors_of_this_kind(house):
    talk = house.logged_in()
    assert talk.say(*[b"RETR 9"] * 20).count(b"-ERR") == 20 and not talk.transport.disconnecting


@pytest.mark.parametrize("cut", [1, 100, 255, 256, 257, 300, 5000])
def test_a_line_that_is_too_long_is_answered_once_and_skipped(house, cut):
    talk = house.logged_in()
    data = b"NOOP " + b"x" * 4000 + b"\r\nSTAT\r\n"
    for place in range(0, len(data), cut):
        talk.session.dataReceived(data[place : place + cut])
    assert talk.hear() == b"-ERR a line has at most 255 bytes\r\n+OK 3 75\r\n"


def test_a_line_without_an_end_fills_no_memory(house):
    talk = house.open()
    for _ in range(1000):
        talk.session.dataReceived(b"x" * 1000)
    assert talk.hear() == b"-ERR a line has at most 255 bytes\r\n"
    assert len(talk.session.clearLineBuffer()) <= 1000


def test_no_command_is_read_while_one_waits_for_its_mailbox(house):
    waiting = Deferred()
    talk = house.logged_in()
    talk.session.mbox.listMessages = lambda index=None: waiting
    assert talk.say(b"STAT", b"NOOP") == b"" and talk.transport.producerState == "paused"
    waiting.callback([10])
    assert talk.hear() == b"+OK 1 10\r\n+OK\r\n" and talk.transport.producerState == "producing"


def test_no_command_is_read_while_the_client_takes_nothing(house):
    talk = house.logged_in()
    assert talk.transport.producer is talk.session and talk.transport.streaming
    talk.session.pauseProducing()
    assert talk.say(b"NOOP") == b"" and talk.transport.producerState == "paused"
    talk.session.resumeProducing()
    assert talk.hear() == b"+OK\r\n"


def test_a_client_that_takes_its_letter_slowly_isnt_cut_off_and_one_that_takes_nothing_is(monkeypatch):
    monkeypatch.setattr(conversation_module, "PIECE", 100)
    house = House([b"x" * 100_000])
    talk = house.logged_in()
    talk.session.dataReceived(b"RETR 1\r\n")
    producer = talk.transport.producer
    for _ in range(3):
        house.clock.advance(POP3.timeOut - 1)
        producer.resumeProducing()
    assert not talk.transport.disconnected
    house.clock.advance(POP3.timeOut + 1)
    assert talk.transport.disconnected


def test_a_long_letter_is_sent_by_pieces_and_then_commands_are_read_again(monkeypatch):
    monkeypatch.setattr(conversation_module, "PIECE", 100)
    house = House([b"x" * 40_000 + b"\r\n"])
    talk = house.logged_in()
    talk.session.dataReceived(b"RETR 1\r\nNOOP\r\n")
    assert len(talk.transport.value()) < 300
    while talk.transport.producer is not talk.session:
        talk.transport.producer.resumeProducing()
    assert talk.hear().endswith(b"x\r\n.\r\n+OK\r\n")


def test_a_connection_lost_in_the_middle_of_a_letter_closes_its_file(monkeypatch):
    monkeypatch.setattr(conversation_module, "PIECE", 100)
    house = House()
    talk, file = house.logged_in(), io.BytesIO(b"x" * 1000)
    talk.session.mbox.getMessage = lambda index: file
    talk.session.dataReceived(b"RETR 1\r\n")
    talk.transport.producer.stopProducing()
    talk.hang_up()
    assert file.closed and not house.clock.getDelayedCalls()


def test_a_fault_of_ours_is_logged_and_tells_the_client_nothing_of_it(house, logged_errors):
    talk = house.logged_in()
    talk.session.mbox.listMessages = lambda index=None: 1 / 0
    assert talk.say(b"STAT") == b"-ERR [SYS/PERM] something went wrong here\r\n"

    def broken(index=None):
        raise PermissionError("alice/secret")

    talk.session.mbox.listMessages = broken
    assert talk.say(b"LIST") == b"-ERR [SYS/TEMP] something went wrong here\r\n"
    assert len(logged_errors.flush(ZeroDivisionError, PermissionError)) == 2


def test_a_disk_that_deletes_nothing_is_told_at_QUIT(house, logged_errors, monkeypatch):
    def broken(letter):
        raise OSError("read-only file system")

    monkeypatch.setattr(house.store, "remove", broken)
    talk = house.logged_in()
    talk.say(b"DELE 1")
    assert talk.say(b"QUIT") == b"-ERR [SYS/TEMP] something went wrong here\r\n"
    assert talk.transport.disconnecting and len(logged_errors.flush(OSError)) == 1


@pytest.mark.parametrize("mark", ["\r", "\n", "\0"])
def test_a_response_is_one_line(house, mark):
    with pytest.raises(ValueError, match="no CR, LF or NUL"):
        house.open().session.successResponse(f"two{mark}lines")
