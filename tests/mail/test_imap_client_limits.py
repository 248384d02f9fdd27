"""Servers of IMAP that lie, never end, or are cut off: whoever waits is told once, and the memory has bounds."""

import io
import time

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's client has few bounds", allow_module_level=True)

from reactor.defer import Deferred
from reactor.error import ConnectionDone, TimeoutError
from reactor.failure import Failure
from reactor.mail.imap4 import IllegalServerResponse, IMAP4Exception
from reactor.testing import StringTransport
from tests.mail.imap_doubles import Talk
from tests.support.outcomes import failure_of, outcomes, result_of


@pytest.fixture
def talk():
    return Talk()


@pytest.mark.parametrize(
    "line, says",
    [
        (b"0009 OK whose is it?", "'0009 OK whose is it?', which has no place here"),
        (b"0001", "no place"),
        (b"0001 FINE", "no place"),
        (b"0001 BYE", "no place"),
        (b"nonsense", "no place"),
        (b"", "no place"),
        (b"+ go", "waits for something that nobody has, saying b'go'"),
        (b"* ", "data begin with a word"),
        (b"* 5", "data begin with a word"),
        (b"* (5)", "data begin with a word"),
        (b"* 5 6 EXISTS", "data begin with a word"),
        (b"* x EXISTS", None),
        (b"* FETCH", "in "),
        (b"* 1 FETCH", "in "),
        (b"* 1 FETCH x", "in "),
        (b"* 1 FETCH (FLAGS)", "in "),
        (b"* 1 FETCH (FLAGS (x)", "is expected where the end is"),
        (b"* 1 FETCH ((FLAGS) x)", "in "),
        (b"* EXISTS 5", "in "),
        (b"* CAPABILITY (x)", "in "),
        (b"* OK [CAPABILITY (x)] y", "in "),
        (b'* LIST () "/" "x', "a closing quote is expected"),
        (b"* LIST ()) x", "a value is expected"),
        (b"* SEARCH 1 2\0", "a value is expected"),
        (b"* X " + b"(" * 201, "lists are at most"),
        (b'* X "{5}\r\n12345', "a closing quote"),
        (b"* X {5}{6}\r\n123456", "is expected"),
        (b"* X {99999999999999999999}", "has more than"),
    ],
)
def test_nonsense_ends_the_connection_and_the_error_says_what_was_said(talk, line, says):
    asked = talk.client.fetchFlags("1")
    talk.hear()
    talk.say(line)
    assert talk.transport.disconnecting is (says is not None)
    talk.close()
    failure = failure_of(asked, IllegalServerResponse if says else ConnectionDone)
    assert says is None or says in str(failure.value)


@pytest.mark.parametrize(
    "ask, line",
    [
        (lambda it: it.search("ALL"), b"* SEARCH x"),
        (lambda it: it.list("", "*"), b"* LIST x"),
        (lambda it: it.list("", "*"), b"* LIST () () x"),
        (lambda it: it.list("", "*"), b'* LIST () "/" "&&"'),
        (lambda it: it.status("x", "UNSEEN"), b"* STATUS x (UNSEEN)"),
        (lambda it: it.status("x", "UNSEEN"), b"* STATUS x (UNSEEN x)"),
        (lambda it: it.namespace(), b"* NAMESPACE x NIL NIL"),
        (lambda it: it.select("x"), b"* OK [UIDNEXT] y"),
        (lambda it: it.select("x"), b"* FLAGS x"),
    ],
)
def test_an_answer_of_another_shape_is_an_error_of_its_command_alone(talk, ask, line):
    asked = ask(talk.client)
    tag = talk.hear().split(b" ")[0]
    talk.say(line, tag + b" OK done")
    if talk.transport.disconnecting:
        talk.close()
    failure_of(asked, Exception)


def test_parts_in_parts_and_a_NUL_are_taken_from_a_server(talk):
    asked = talk.client.fetchBodyStructure(1)
    deep = b"(" * 100 + b'"TEXT"' + b")" * 100
    talk.answer(b"FETCH 1 (BODYSTRUCTURE)", b"* 1 FETCH (BODYSTRUCTURE " + deep + b")")
    assert str(result_of(asked)[1]["BODYSTRUCTURE"]) == "[" * 100 + "'TEXT'" + "]" * 100
    asked = talk.client.fetchMessage(1)
    talk.answer(b"FETCH 1 (RFC822)", b"* 1 FETCH (RFC822 {3}\r\na\0b)")
    assert result_of(asked) == {1: {"RFC822": "a\0b"}}


def test_a_status_has_no_literal_whatever_its_text_ends_with(talk):
    talk.say(b"* OK it costs {5}", b"* OK [X {5}] y", b"* BYE {100}")
    asked = talk.client.noop()
    talk.answer(b"NOOP", end=b"OK {7}")
    assert result_of(asked) == []


def test_an_endless_line_ends_the_connection(talk):
    talk.client.MAX_LENGTH = 100
    asked = talk.client.noop()
    talk.client.dataReceived(b"* OK " + b"x" * 200)
    assert talk.transport.disconnecting
    talk.close()
    assert "a line of more than 100 bytes" in str(failure_of(asked, IllegalServerResponse).value)


def test_a_literal_bomb_is_refused_when_it_is_announced(talk):
    asked = talk.client.fetchMessage("1")
    talk.say(b"* 1 FETCH (RFC822 {4294967295}")
    assert talk.transport.disconnecting
    talk.close()
    assert "ask for less, or give a consumer" in str(failure_of(asked, IllegalServerResponse).value)


@pytest.mark.parametrize(
    "line",
    [
        b"* 1 FETCH (RFC822 {30}\r\n" + b"x" * 30 + b" RFC822.TEXT {30}\r\n",
        b"* 1 FETCH (RFC822 {40}\r\n" + b"x" * 40 + b")\r\n",
        b"* 1 FETCH (FLAGS (" + b"x" * 40 + b"))\r\n",
        b"* 1 FETCH (" + b"FLAGS {0}\r\n" * 30,
    ],
)
def test_an_answer_has_bounds_in_each_response_and_together(talk, line):
    talk.client.maxText = talk.client.maxBytes = 100 if line.endswith(b")\r\n") else 50
    asked = talk.client.fetchMessage("1")
    for _ in range(3):
        talk.client.dataReceived(line)
        if talk.transport.disconnecting:
            break
    assert talk.transport.disconnecting
    talk.close()
    assert "has more than" in str(failure_of(asked, IllegalServerResponse).value)


def test_news_without_end_are_kept_by_nobody(talk):
    talk.client.maxText = 1000
    asked = talk.client.search("ALL")
    for _ in range(1000):
        talk.say(b"* 5 EXISTS", b"* XYZ (a b c)")
    talk.answer(b"SEARCH ALL")
    assert result_of(asked) == []


def test_long_lines_of_any_kind_are_read_in_linear_time(talk):
    size = 400_000
    for line in (
        b"* X " + b"[" * size,
        b"* X " + b"a[" * size,
        b'* X [""' + b'""' * size,
        b"* 1 FETCH (BODY[" + b"BODY[" * size + b" x)",
        b"* 1 FETCH (BODY[x (" + b")" * size + b"] x)",
        b"* OK [" + b"[" * size,
        b"* X " + b"1 " * size,
        b"* X " + b"() " * size,
        b"* X " + b"\\" * size,
    ):
        before = time.process_time()
        Talk().say(line)
        assert time.process_time() - before < 5, line[:20]


def test_a_silent_server_is_left_after_a_while_but_only_if_it_should_say_something(talk):
    talk.clock.advance(100_000)
    assert not talk.transport.disconnected
    asked = talk.client.search("ALL")
    talk.clock.advance(talk.client.timeout - 1)
    talk.say(b"* 5 EXISTS")
    talk.clock.advance(talk.client.timeout - 1)
    assert not talk.transport.disconnected
    talk.clock.advance(1)
    talk.close()
    assert "has said nothing for 300 s" in str(failure_of(asked, TimeoutError).value)
    silent = Talk(greeting=b"")
    asked = silent.client.noop()
    silent.clock.advance(silent.client.timeout)
    silent.close()
    failure_of(asked, TimeoutError)


def test_an_answer_in_the_middle_of_a_letter_that_is_sent_ends_the_connection():
    talk = Talk()
    asked = talk.client.append("x", io.BytesIO(b"12345"))
    talk.hear()
    talk.say(b"+ go", b"0001 OK that was fast")
    assert talk.transport.disconnecting
    talk.close()
    failure_of(asked, IllegalServerResponse)


def test_a_listener_that_raises_ends_its_own_connection(talk, logged_errors):
    talk.client.newMessages = lambda exists, recent: 1 / 0
    asked = talk.client.noop()
    talk.hear()
    talk.say(b"* 5 EXISTS")
    assert talk.transport.disconnecting and len(logged_errors.flush(ZeroDivisionError)) == 1
    talk.close()
    failure_of(asked, ZeroDivisionError)


def test_a_command_after_the_end_fails_as_the_connection_did(talk):
    talk.close()
    failure_of(talk.client.noop(), ConnectionDone)
    assert talk.hear() == b"" and not talk.clock.getDelayedCalls()


# --- cut off anywhere

SAID = [
    (None, b"", b"* OK [CAPABILITY AUTH=PLAIN] hello\r\n"),
    (lambda it, _: it.login(b"alice", b"a secret"), b"AUTHENTICATE", b"+ \r\n"),
    (None, b"AGFsaWNlAGEgc2VjcmV0", b"@ OK in\r\n"),
    (lambda it, _: it.select("x"), b"SELECT", b"* 3 EXISTS\r\n@ OK [READ-WRITE] in\r\n"),
    (lambda it, _: it.fetchMessage(1), b"FETCH", b"* 1 FETCH (RFC822 {3}\r\nabc)\r\n@ OK done\r\n"),
    (lambda it, to: it.fetchSpecific(2, consumer=to), b"", b"* 2 FETCH (BODY[] {5}\r\nabcde)\r\n@ OK done\r\n"),
    (lambda it, _: it.append("x", io.BytesIO(b"letter")), b"APPEND", b"+ go on\r\n"),
    (None, b"letter", b"@ OK done\r\n"),
    (lambda it, _: it.idle(), b"IDLE", b"+ idling\r\n* 4 EXISTS\r\n"),
    (lambda it, _: it.move("1", "y", True), b"DONE", b"@ OK done\r\n"),
    (None, b"CAPABILITY", b"* CAPABILITY MOVE\r\n@ OK done\r\n"),
    (None, b"MOVE", b"* OK [COPYUID 1 1 2] done\r\n* 1 EXPUNGE\r\n@ OK done\r\n"),
    (lambda it, _: it.logout(), b"LOGOUT", b"* BYE\r\n@ OK bye\r\n"),
]


def run_until_cut(count):
    """A session whose connection breaks after so many of the server's bytes. Returns how often each was told, and how
    many bytes are left."""
    talk, consumer, told, tag = Talk(greeting=b""), StringTransport(), [], b""

    def ask(deferred):
        told.append(0)
        place = len(told) - 1

        def tell(result):
            told[place] += 1
            assert not isinstance(result, Failure) or result.check(ConnectionDone, IMAP4Exception), result

        deferred.addBoth(tell)

    for step, waits_for, says in SAID:
        if step is not None:
            ask(step(talk.client, consumer))
        heard = talk.hear()
        if count > 0:
            assert waits_for in heard, (waits_for, heard)
        tag = heard.rsplit(b"\r\n", 2)[-2][:4] if b" " in heard else tag
        says = says.replace(b"@", tag)
        if count > 0:
            talk.client.dataReceived(says[:count])
        count -= len(says)
        if -len(says) < count <= 0:
            talk.close()
    if count > 0:
        talk.close()
    talk.clock.advance(100_000)
    assert not talk.clock.getDelayedCalls() and consumer.producer is None
    return told, count


def test_whoever_waits_is_told_once_wherever_the_connection_breaks():
    for count in range(1, 2000):
        told, left = run_until_cut(count)
        assert told == [1] * len(told), f"cut after {count} bytes: {told}"
        if left > 0:
            return
    raise AssertionError("the session never ends")


def test_a_canceled_command_leaves_the_session_in_order(talk):
    first, second = talk.client.search("ALL"), talk.client.search("NEW")
    cancelled = outcomes(first)
    first.cancel()
    talk.answer(b"SEARCH ALL", b"* SEARCH 1")
    talk.answer(b"SEARCH NEW", b"* SEARCH 2")
    assert len(cancelled) == 1 and result_of(second) == [2] and isinstance(first, Deferred)
