"""What clients may not do to a server of IMAP: literals that don't belong, lines without end, time, and numbers."""

import io
import time
import tracemalloc

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's IMAP4 has other limits", allow_module_level=True)

from reactor.mail.imap4 import MemoryMailbox
from reactor.mail.imap4.account import matches
from tests.mail.imap4_doubles import ELSEWHERE, House


@pytest.fixture
def house():
    return House()


# --- literals


@pytest.mark.parametrize(
    "command, message",
    [
        (b"LOGIN {4294967295}", b"a literal of 4294967295 bytes is too long; here it has at most 1024"),
        (b"LOGIN {1025}", b"a literal of 1025 bytes is too long; here it has at most 1024"),
        (b"NOOP {3}", b"the end is expected where"),
        (b"{3}", b"an atom is expected where {3} is"),
        (b"NONSENSE {3}", b"NONSENSE is no command here"),
        (b"APPEND INBOX {3}", b"APPEND doesn't come while the session is NOT_AUTHENTICATED"),
        (b"LOGIN {99999999999999999999}", b"a literal of 99999999999999999999 bytes is too long"),
    ],
)
def test_a_literal_before_the_login_is_refused_unread_where_none_belongs_or_it_is_long(house, command, message):
    (answer,) = house.open().say(b"x " + command)
    assert answer.startswith(b"x BAD ") and message in answer


@pytest.mark.parametrize(
    "command",
    [
        b"FETCH {3}",
        b"SELECT {65537}",
        b"APPEND INBOX {26214401}",
        b"STORE 1 FLAGS ({3}",
        b"APPEND INBOX ({3}",
        b"UID {3}",
    ],
)
def test_a_literal_where_none_belongs_is_refused_unread_afterwards_too(house, command):
    (answer,) = house.selected().say(b"x " + command)
    assert answer.startswith(b"x BAD ")


def test_a_command_has_so_many_literals_and_no_more(house):
    talk = house.selected()
    talk.say(b"x SEARCH TEXT {1}")
    for _ in range(talk.session.mostLiterals - 1):
        assert talk.say(b"a TEXT {1}") == [b"+ go on"]
    assert talk.say(b"a TEXT {1}") == [b"x BAD a command has at most 20 literals"]
    assert talk.say(b"y NOOP") == [b"y OK NOOP is done"]


def test_a_literal_that_comes_unasked_is_skipped_with_the_rest_of_its_command(house):
    talk = house.selected()
    smuggled = b"z LOGOUT\r\n"
    answers = talk.say(b"x NONSENSE {10+}\r\n" + smuggled + b" more {2+}\r\nab", b"y NOOP")
    assert answers == [b"x BAD NONSENSE is no command here", b"y OK NOOP is done"]
    assert talk.say(b"x SELECT {70000+}\r\n" + b"z LOGOUT\r\n" * 7000, b"y NOOP")[-1] == b"y OK NOOP is done"


def test_an_unasked_literal_that_nobody_will_send_ends_the_session(house):
    talk = house.selected()
    assert talk.say(b"x NONSENSE {999999999999+}")[-1] == b"* BYE nobody asked for that many bytes"
    assert talk.transport.disconnecting
    assert talk.say(b"y NOOP") == []


def test_a_literal_with_a_NUL_is_refused(house):
    assert b"NUL" in house.selected().say(b"x APPEND INBOX {3+}\r\na\0b")[0]


# --- lines


def test_a_line_that_is_too_long_is_BAD_and_skipped_with_its_literals(house):
    talk = house.selected()
    assert talk.say(b"x SEARCH " + b"1," * 40_000 + b"1", b"y NOOP") == [
        b"x BAD a line has at most 65536 bytes",
        b"y OK NOOP is done",
    ]
    talk.session.dataReceived(b"x " + b"1" * 70_000)
    talk.session.dataReceived(b"1" * 90_000 + b" {12+}\r\nz LOGOUT\r\n\r\n")
    assert talk.say(b" the rest", b"y NOOP")[-1] == b"y OK NOOP is done"


def test_an_endless_line_keeps_no_memory(house):
    talk = house.open()
    for _ in range(20):
        talk.session.dataReceived(b"x" * 2**16)
    assert sum(map(len, talk.session._pieces)) < 1000 and len(talk.session._tail) <= 30


def test_errors_in_a_row_end_the_session(house):
    talk = house.open()
    talk.say(*[b"x NONSENSE"] * 4)
    talk.say(b"y NOOP")
    assert not talk.transport.disconnecting
    assert talk.say(*[b"x NONSENSE"] * 5)[-1] == b"* BYE these are too many errors"
    assert talk.transport.disconnecting


# --- logins


def test_LOGIN_is_disabled_in_the_clear_over_a_network():
    house = House(peer=ELSEWHERE, contextFactory=object())
    talk = house.open()
    assert b" LOGINDISABLED]" in talk.greeting[0] and b" STARTTLS " in talk.greeting[0]
    assert b"AUTH=PLAIN" not in talk.greeting[0] and b"AUTH=CRAM-MD5" in talk.greeting[0]
    assert talk.ask(b'LOGIN alice "a secret"')[1].startswith(b"NO [PRIVACYREQUIRED] ")
    talk.say(b"x AUTHENTICATE PLAIN AGFsaWNlAGEgc2VjcmV0")
    house.clock.advance(1)
    assert talk.session.account is None
    assert talk.ask(b"STARTTLS") == ([], b"OK STARTTLS is done")
    assert talk.transport.TLS
    assert b"LOGINDISABLED" not in talk.ask(b"CAPABILITY")[0][0]
    assert talk.ask(b'LOGIN alice "a secret"')[1].startswith(b"OK [CAPABILITY ")
    assert talk.ask(b"STARTTLS")[1].startswith(b"BAD ")


def test_what_comes_in_the_clear_behind_STARTTLS_is_forgotten():
    talk = House(peer=ELSEWHERE, contextFactory=object()).open()
    assert talk.say(b"x STARTTLS", b"y NOOP", b"z CAPABILITY") == [b"x OK STARTTLS is done"]
    assert talk.say(b"a NOOP") == [b"a OK NOOP is done"]


def test_STARTTLS_without_a_context_is_BAD(house):
    assert house.open().ask(b"STARTTLS")[1].startswith(b"BAD TLS can't begin here")


def test_SASL_comes_with_a_first_response_or_in_steps_and_can_be_given_up(house):
    assert house.open().ask(b"AUTHENTICATE PLAIN AGFsaWNlAGEgc2VjcmV0")[1].startswith(b"OK [CAPABILITY ")
    talk = house.open()
    assert talk.say(b"x AUTHENTICATE PLAIN") == [b"+ "]
    assert talk.say(b"AGFsaWNlAGEgc2VjcmV0", b"y NOOP")[-1] == b"y OK NOOP is done"
    talk = house.open()
    talk.say(b"x AUTHENTICATE PLAIN")
    assert talk.say(b"*") == [b"x BAD you gave up"]
    assert talk.session.account is None


def test_a_wrong_password_and_a_wrong_name_are_told_alike_and_late(house):
    answers = []
    for words in (b"alice wrong", b"nobody wrong"):
        talk = house.open(b"x LOGIN " + words)
        house.clock.advance(15)
        answers.append(talk.hear())
    assert answers == [[b"x NO [AUTHENTICATIONFAILED] this name and password let nobody in"]] * 2


def test_who_has_no_account_is_told_not_now(house):
    house.checker.addUser(b"carl", b"c")
    talk = house.open(b"x LOGIN carl c")
    house.clock.advance(15)
    assert talk.hear() == [b"x NO [UNAVAILABLE] not now"]


# --- time


def test_who_does_not_log_in_is_sent_away_however_much_is_said(house):
    talk = house.open()
    for _ in range(7):
        house.clock.advance(9)
        said = talk.say(b"x NOOP")
    assert said == [b"* BYE you have said nothing for too long"] and talk.transport.disconnecting


def test_an_idle_session_ends_with_BYE(house):
    talk = house.logged_in()
    house.clock.advance(talk.session.timeOut + 1)
    assert talk.hear() == [b"* BYE you have said nothing for too long"]


def test_nothing_is_left_of_a_session_that_is_lost(house):
    talk = house.selected()
    talk.say(b"x IDLE")
    talk.hang_up()
    assert house.clock.getDelayedCalls() == []
    assert house.account.select("INBOX")._listeners == []


# --- numbers and patterns


@pytest.mark.parametrize("some", [b"1:*", b"*:1", b"4294967295:*", b"1:4294967295", b"1,1,1:3,*"])
def test_sets_cost_what_they_find(house, some):
    talk = house.selected()
    before = time.process_time()
    lines, last = talk.ask(b"FETCH " + some + b" (UID)")
    assert last == b"OK FETCH is done" and lines[-1] == b"* 3 FETCH (UID 3)"
    assert time.process_time() - before < 0.1


@pytest.mark.parametrize(
    "pattern, name, fits",
    [
        ("*", "a.b", True),
        ("%", "a.b", False),
        ("%", "a", True),
        ("a%", "a.b", False),
        ("%.%", "a.b", True),
        ("*b", "a.b", True),
        ("a.*", "a", False),
        ("", "", True),
        ("*%*", "a.b", True),
        ("*a%b", "a.ab", True),
        ("A", "a", False),
    ],
)
def test_wildcards(pattern, name, fits):
    assert matches(pattern, name, ".") is fits


def test_a_pattern_of_fifty_stars_does_not_backtrack():
    before = time.process_time()
    assert not matches("*a" * 50 + "b", "a" * 200, ".")
    assert not matches("%*" * 50 + "b", "a" * 200, ".")
    assert not matches("*" * 400 + "b", "a" * 200, ".")
    assert time.process_time() - before < 1


def test_a_pattern_has_a_bound(house):
    said = b"NO [CANNOT] a pattern has at most 500 characters"
    assert house.logged_in().ask(b'LIST "" ' + b"*a" * 251)[1] == said


@pytest.mark.parametrize("command", [b"SEARCH BODY nowhere", b"FETCH 1:* ENVELOPE", b"FETCH 1:* BODY.PEEK[TEXT]<0.1>"])
def test_of_many_letters_one_is_in_memory_at_a_time(command, monkeypatch):
    monkeypatch.setattr(MemoryMailbox, "open", lambda self, message: io.BytesIO(bytearray(message.place)))
    talk = House(letters=[b"Subject: x\r\n\r\n" + b"0123456789abcdef\r\n" * 20_000] * 60).selected()
    tracemalloc.start()
    try:
        talk.say(b"x " + command)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10 * 360_000


# --- a client that doesn't take what it asks for


def test_one_letter_is_not_sent_a_hundred_times_in_one_answer():
    letter = b"Subject: x\r\n\r\n" + b"y" * 2**20
    talk = House([letter]).selected()
    pieces = b" ".join(b"BODY.PEEK[]<%d.9999999>" % begin for begin in range(9))
    lines, end = talk.ask(b"FETCH 1 (" + pieces + b")")
    assert lines == [] and end == b"NO [LIMIT] this is too much of one message: ask for less at once"
    lines, end = talk.ask(b"FETCH 1 (BODY.PEEK[] BODY.PEEK[TEXT] RFC822.HEADER BODYSTRUCTURE)")
    assert end == b"OK FETCH is done"


@pytest.mark.parametrize("keyword, is_taken", [(b"$" * 200, True), (b"$" * 201, False)])
def test_a_keyword_has_a_bound(house, keyword, is_taken):
    end = house.selected().ask(b"STORE 1 +FLAGS (" + keyword + b")")[1]
    assert end == (b"OK STORE is done" if is_taken else b"NO [CANNOT] a keyword has at most 200 characters")


def test_a_fetch_waits_for_a_client_that_does_not_take_what_is_sent(house):
    talk = house.selected()
    talk.session.pauseProducing()
    assert talk.say(b"x FETCH 1:3 BODY.PEEK[]", b"y NOOP") == []
    talk.session.resumeProducing()
    assert [line for line in talk.hear() if line[:2] in (b"x ", b"y ")] == [b"x OK FETCH is done", b"y OK NOOP is done"]
    talk.session.pauseProducing()
    talk.say(b"x FETCH 1:3 BODY.PEEK[]")
    talk.hang_up()
    assert house.clock.getDelayedCalls() == []
