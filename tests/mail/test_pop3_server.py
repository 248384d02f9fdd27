"""The server's side of POP3: RFC 1939's commands, and letters as they are sent."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's POP3 differs in what it refuses", allow_module_level=True)

from reactor.mail.pop3 import POP3
from reactor.testing import check_dialogue
from tests.mail.pop3_doubles import LETTERS, House

BAD = b"-ERR [AUTH] this name and password let nobody in\r\n"


@pytest.fixture
def house():
    return House()


def dialogue(transcript, **options):
    """A transcript, each way with a house of its own."""
    houses = []

    def make():
        houses.append(House(**options))
        return houses[-1].session()

    check_dialogue(make, transcript, transport=lambda: houses[-1].transport())


def test_a_session_from_the_greeting_to_the_goodbye():
    dialogue(
        r"""
        S: +OK ready
        C: USER alice
        S: +OK and PASS?
        C: PASS a secret
        S: +OK welcome
        C: STAT
        S: +OK 3 75
        C: LIST
        S: +OK 3 messages
        S: 1 23
        S: 2 34
        S: 3 18
        S: .
        C: LIST 2
        S: +OK 2 34
        C: RETR 2
        S: +OK 34 bytes
        S: Subject: two
        S:
        S: ..second
        S: ...
        S: end
        S: .
        C: DELE 1
        S: +OK it goes when you quit
        C: NOOP
        S: +OK
        C: QUIT
        S: +OK goodbye
        S: [closes]
    """
    )


def test_commands_are_words_in_either_case():
    dialogue("""
        S: +OK ready
        C: user alice
        S: +OK and PASS?
        C: pAsS a secret
        S: +OK welcome
        C: stat
        S: +OK 3 75
    """)


def test_what_comes_in_one_piece_is_answered_in_order():
    talk = House().open()
    heard = talk.say(b"USER alice", b"PASS a secret", b"STAT", b"RETR 3", b"DELE 3", b"LIST", b"QUIT")
    assert heard.split(b"\r\n")[2:9] == [
        b"+OK 3 75",
        b"+OK 18 bytes",
        b"Subject: three",
        b"",
        b".",
        b"+OK it goes when you quit",
        b"+OK 2 messages",
    ]
    assert heard.endswith(b"+OK goodbye\r\n") and talk.transport.disconnecting


def test_deletions_happen_at_QUIT_and_a_lost_connection_keeps_all(house):
    talk = house.logged_in()
    talk.say(b"DELE 1", b"DELE 2")
    talk.hang_up()
    assert len(house.store.letters()) == 3
    house.logged_in().say(b"DELE 1", b"DELE 2", b"QUIT")
    assert len(house.store.letters()) == 1


def test_message_numbers_after_DELE_stay_as_they_were(house):
    talk = house.logged_in()
    talk.say(b"DELE 2")
    assert talk.say(b"LIST") == b"+OK 2 messages\r\n1 23\r\n3 18\r\n.\r\n"
    assert talk.say(b"STAT") == b"+OK 2 41\r\n"
    for command in (b"LIST 2", b"UIDL 2", b"RETR 2", b"TOP 2 1", b"DELE 2"):
        assert talk.say(command) == b"-ERR message 2 isn't there, or is deleted\r\n"
    assert talk.say(b"RETR 3").startswith(b"+OK 18 bytes\r\nSubject: three")


def test_RSET_undeletes(house):
    talk = house.logged_in()
    talk.say(b"DELE 2", b"RSET")
    assert talk.say(b"STAT") == b"+OK 3 75\r\n"
    talk.say(b"QUIT")
    assert len(house.store.letters()) == 3


def test_a_size_is_exactly_what_is_sent_dots_not_counted_twice(house):
    house.store.deliver(b".\n..\r\nbare\rcr\nno end")
    talk = house.logged_in()
    for number in range(1, 5):
        size = int(talk.say(b"LIST %d" % number).split()[2])
        _, _, text = talk.say(b"RETR %d" % number).partition(b"\r\n")
        assert text.endswith(b"\r\n.\r\n")
        assert len((b"\r\n" + text[:-3]).replace(b"\r\n.", b"\r\n")) - 2 == size


@pytest.mark.parametrize(
    "lines, expected",
    [
        (b"0", b"Subject: two\r\n\r\n"),
        (b"1", b"Subject: two\r\n\r\n..second\r\n"),
        (b"2", b"Subject: two\r\n\r\n..second\r\n...\r\n"),
        (b"3", b"Subject: two\r\n\r\n..second\r\n...\r\nend\r\n"),
        (b"9999999999", b"Subject: two\r\n\r\n..second\r\n...\r\nend\r\n"),
    ],
)
def test_TOP_is_the_headers_and_at_most_as_many_lines_as_there_are(house, lines, expected):
    assert house.logged_in().say(b"TOP 2 " + lines) == b"+OK 34 bytes\r\n" + expected + b".\r\n"


@pytest.mark.parametrize("letter", [b"", b"Subject: no body", b"\r\nbody\r\n", b"a\nb\n\nc\n\nd\n"])
def test_TOP_of_an_unusual_letter(letter):
    headers, _, _ = (b"\n" + letter.replace(b"\r\n", b"\n")).partition(b"\n\n")
    heard = House([letter]).logged_in().say(b"TOP 1 0")
    assert heard.partition(b"\r\n")[2].replace(b"\r\n", b"\n").removesuffix(b".\n").rstrip(b"\n") == headers.lstrip(
        b"\n"
    )


def test_UIDL_is_the_same_in_the_next_session(house):
    first = house.logged_in()
    listed = first.say(b"UIDL")
    first.say(b"DELE 1", b"QUIT")
    first.hang_up()
    names = [line.split()[1] for line in listed.split(b"\r\n")[1:4]]
    again = house.logged_in()
    assert again.say(b"UIDL 1") == b"+OK 1 " + names[1] + b"\r\n"
    assert again.say(b"UIDL") == b"+OK 2 messages\r\n1 " + names[1] + b"\r\n2 " + names[2] + b"\r\n.\r\n"


def test_a_letter_that_another_program_removed_is_an_error_and_no_fault(house):
    talk = house.logged_in()
    house.store.remove(house.store.letters()[0])
    assert talk.say(b"RETR 1") == b"-ERR another program has removed this message\r\n"


def test_a_subclass_adds_commands(house):
    class Mine(POP3):
        def do_XHOW(self):
            self.successResponse(f"{len(LETTERS)} are left")

    house.factory.protocol = Mine
    assert house.open().say(b"XHOW") == b"-ERR XHOW doesn't come before the login\r\n"
    assert house.logged_in().say(b"XHOW") == b"+OK 3 are left\r\n"


def test_UTF8_is_announced_and_accepted(house):
    talk = house.open()
    assert b"UTF8 USER\r\n" in talk.say(b"CAPA")
    assert talk.say(b"UTF8") == b"+OK\r\n"


INTERNATIONAL = "Subject: Grüße\r\n\r\nbody\r\n".encode()
EIGHT_BIT = "Subject: plain\r\n\r\nGrüße\r\n".encode()


@pytest.mark.parametrize("command", [b"RETR 1", b"TOP 1 0"])
def test_a_letter_with_UTF8_in_its_headers_is_only_for_who_has_said_UTF8(command):
    house = House([INTERNATIONAL, EIGHT_BIT])
    plain = house.logged_in()
    assert plain.say(command) == b"-ERR [UTF8] the headers of message 1 are in UTF-8: say UTF8 before you log in\r\n"
    assert "Grüße".encode() in plain.say(b"RETR 2"), "an 8-bit body is nothing to do with it"
    plain.say(b"QUIT")
    able = house.open(b"UTF8", b"USER alice", b"PASS a secret")
    assert able.say(command).startswith(b"+OK 26 bytes\r\nSubject: " + "Grüße".encode())


def test_headers_in_UTF8_behind_many_others_are_found_too():
    letter = b"X-Long: " + b"a" * 900 + b"\r\n"
    house = House([letter * 40 + INTERNATIONAL])
    assert house.logged_in().say(b"RETR 1").startswith(b"-ERR [UTF8]")


def test_CAPA_tells_how_long_a_mailbox_keeps_letters_and_how_often_somebody_may_log_in(house):
    talk = house.logged_in()
    assert b"EXPIRE NEVER\r\n" in talk.say(b"CAPA")
    talk.session.mbox.messageExpiration, talk.session.mbox.loginDelay = 30, 60
    assert b"EXPIRE 30\r\nLOGIN-DELAY 60\r\n" in talk.say(b"CAPA")
