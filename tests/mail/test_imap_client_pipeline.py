"""Which commands of IMAP are on their way together, whose answers are whose, and how a client idles."""

import io

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's client sends one command after the other", allow_module_level=True)

from reactor.error import TimeoutError
from reactor.mail.imap4 import Command, IMAP4Exception, NegativeResponse
from reactor.testing import StringTransport, check_dialogue
from tests.mail.imap_doubles import Listener, Talk
from tests.support.outcomes import failure_of, outcomes, result_of

DONE = ([], b"OK done")


@pytest.fixture
def talk():
    return Talk()


# --- idling


def test_a_client_that_idles_hears_news_until_it_is_done(talk):
    idling = talk.client.idle()
    assert talk.hear() == b"0001 IDLE\r\n"
    talk.say(b"+ idling", b"* 5 EXISTS")
    assert talk.client.news == [("new", 5, None)] and talk.hear() == b""
    talk.client.done()
    assert talk.hear() == b"DONE\r\n" and not idling.called
    talk.say(b"0001 OK done")
    assert result_of(idling) == DONE and talk.client.timeOut is None
    talk.client.done()
    assert talk.hear() == b""


def test_any_command_ends_idling_even_before_it_has_begun(talk):
    idling = talk.client.idle()
    talk.say(b"+ idling")
    asked = talk.client.noop()
    assert talk.hear() == b"0001 IDLE\r\nDONE\r\n"
    talk.say(b"0001 OK done")
    talk.answer(b"NOOP")
    assert result_of(idling) == DONE and result_of(asked) == []
    idling = talk.client.idle()
    asked = talk.client.noop()
    assert talk.hear() == b"0003 IDLE\r\n"
    talk.say(b"+ idling")
    assert talk.hear() == b"DONE\r\n"
    talk.say(b"0003 OK done")
    talk.answer(b"NOOP")
    assert result_of(idling) == DONE and result_of(asked) == []


def test_a_server_may_end_idling_by_itself(talk):
    idling = talk.client.idle()
    idling.addCallback(lambda answer: talk.client.noop())
    talk.client._idles = None  # as if `done` came at the same time
    talk.hear()
    talk.say(b"+ idling", b"0001 OK enough")
    assert talk.hear() == b"DONE\r\n0002 NOOP\r\n"
    talk.say(b"0002 OK done")
    assert result_of(idling) == [] and talk.client.timeOut is None
    idling = talk.client.idle()
    idling.addErrback(lambda failure: talk.client.noop())
    talk.hear()
    talk.say(b"+ idling", b"0003 NO enough")
    assert talk.hear() == b"0004 NOOP\r\n" and talk.client.timeOut == talk.client.timeout
    talk.clock.advance(talk.client.timeout)
    talk.close()
    assert talk.hear() == b"" and not talk.clock.getDelayedCalls()
    failure_of(idling, TimeoutError)


def test_to_idle_again_is_to_begin_anew(talk):
    first = talk.client.idle()
    talk.say(b"+ idling")
    second = talk.client.idle()
    assert talk.hear() == b"0001 IDLE\r\nDONE\r\n"
    talk.say(b"0001 OK done", b"+ idling")
    assert talk.hear() == b"0002 IDLE\r\n" and result_of(first) == DONE and not second.called
    talk.client.done()
    talk.say(b"0002 OK done")
    assert talk.hear() == b"DONE\r\n" and result_of(second) == DONE


def test_a_client_that_idles_long_shows_that_it_is_there_and_idles_on(talk):
    idling = talk.client.idle()
    talk.hear()
    talk.say(b"+ idling")
    talk.clock.advance(talk.client.idlePeriod - 1)
    talk.say(b"* 5 EXISTS")
    talk.clock.advance(talk.client.idlePeriod - 1)
    assert talk.hear() == b""
    talk.clock.advance(1)
    assert talk.hear() == b"DONE\r\n"
    talk.say(b"0001 OK done")
    assert talk.hear() == b"0002 IDLE\r\n" and not idling.called
    talk.say(b"+ idling")
    talk.clock.advance(talk.client.idlePeriod)
    assert talk.hear() == b"DONE\r\n"
    talk.clock.advance(talk.client.timeout)
    assert talk.transport.disconnected or talk.transport.disconnecting
    talk.close()
    failure_of(idling, TimeoutError)


def test_a_server_without_IDLE_says_so(talk):
    idling = talk.client.idle()
    talk.answer(b"IDLE", end=b"BAD what?")
    failure_of(idling, NegativeResponse)
    asked = talk.client.noop()
    talk.answer(b"NOOP")
    assert result_of(asked) == []


# --- pipelines


def test_commands_that_ask_for_other_things_are_sent_at_once(talk):
    sizes, flags = talk.client.fetchSize("1:3"), talk.client.fetchFlags("4")
    found, status = talk.client.search("ALL"), talk.client.status("x", "MESSAGES")
    assert talk.hear().count(b"\r\n") == 4
    talk.say(b"* SEARCH 2", b"* 4 FETCH (FLAGS (x))", b"0002 OK", b"* 1 FETCH (RFC822.SIZE 7)")
    talk.say(b"* STATUS x (MESSAGES 9)", b"0004 OK", b"0001 OK", b"0003 OK")
    assert result_of(flags) == {4: {"FLAGS": ["x"]}} and result_of(sizes) == {1: {"RFC822.SIZE": "7"}}
    assert result_of(found) == [2] and result_of(status) == {"MESSAGES": 9} and talk.client.news == []


@pytest.mark.parametrize(
    "first, then, together",
    [
        ("fetchFlags 1:3", "fetchSize 3:4", False),
        ("fetchFlags 1:3", "fetchSize 4:*", False),
        ("fetchFlags 1:3", "fetchSize 4:9", True),
        ("search ALL", "search NEW", False),
        ("search ALL", "fetchFlags 1", True),
        ("noop", "fetchFlags 1", False),
        ("noop", "check", True),
        ("create x", "fetchFlags 1", False),
        ("create x", "create y", True),
        ("fetchFlags 1", "create x", True),
        ("select x", "create y", False),
        ("create y", "select x", False),
        ("logout", "noop", False),
        ("getCapabilities False", "noop", False),
    ],
)
def test_a_command_waits_where_it_could_be_misunderstood(talk, first, then, together):
    for words in (first, then):
        name, *args = words.split()
        getattr(talk.client, name)(*args).addErrback(lambda failure: None)
    assert talk.hear().count(b"\r\n") == (2 if together else 1)
    talk.say(b"0001 OK done")
    assert together or talk.hear().startswith(b"0002") or first == "logout"


def test_fetches_by_UID_may_be_on_their_way_together_even_while_messages_go(talk):
    first, second = talk.client.fetchFlags("7", uid=True), talk.client.fetchFlags("8:9", uid=True)
    assert talk.hear() == b"0001 UID FETCH 7 (FLAGS)\r\n0002 UID FETCH 8:9 (FLAGS)\r\n"
    talk.say(b"* 2 FETCH (UID 8 FLAGS (b))", b"* 1 EXPUNGE", b"* 3 FETCH (FLAGS (a) UID 7)", b"0002 OK", b"0001 OK")
    assert result_of(first) == {3: {"FLAGS": ["a"], "UID": "7"}}
    assert result_of(second) == {2: {"UID": "8", "FLAGS": ["b"]}} and talk.client.news == [("gone", 1)]


def test_a_command_of_ones_own_gets_the_data_that_it_wants(talk):
    asked = talk.client.sendCommand(Command(b"XSOUP", b"OF (THE DAY)", wantResponse=(b"XSOUP",)))
    talk.answer(b"XSOUP OF (THE DAY)", b'* XSOUP ("tomato" NIL)', end=b"OK [X y] enjoy")
    answer = result_of(asked)
    assert answer == ([[b"XSOUP", [b"tomato", None]]], b"OK [X y] enjoy") and answer.code == [b"X", b"y"]
    said = []
    asked = talk.client.sendCommand(Command(b"XTALK", None, (), lambda text, *more: said.append((text, more)), 1, 2))
    talk.say(b"+ well?")
    talk.answer(b"XTALK")
    assert said == [(b"well?", (1, 2))] and result_of(asked) == DONE


def test_commands_before_the_greeting_wait_for_it():
    talk = Talk(greeting=b"")
    asked = talk.client.noop()
    assert talk.hear() == b""
    talk.say(b"* OK hello")
    talk.answer(b"NOOP")
    assert result_of(asked) == []


def test_a_goodbye_closes_and_the_server_may_say_it_first():
    talk = Talk()
    asked = talk.client.logout()
    talk.answer(b"LOGOUT", b"* BYE see you")
    assert result_of(asked) is None and talk.transport.disconnecting
    talk = Talk()
    asked = outcomes(talk.client.search("ALL"))
    talk.say(b"* BYE closing time")
    talk.close()
    assert "says goodbye: b'closing time'" in str(asked[0].value)
    assert "goodbye" in str(failure_of(talk.client.noop(), IMAP4Exception).value)


class Reader(Listener):
    """Reads a mailbox when it is greeted."""

    def serverGreeting(self, caps):
        self.select("INBOX")
        self.fetchMessage("1").addCallback(
            lambda found: self.append("b", io.BytesIO(found[1]["RFC822"].encode("latin-1")))
        )
        self.fetchFlags("2").addCallback(lambda found: self.logout())


def test_a_session_is_the_same_however_it_is_cut():
    class Transport(StringTransport):
        def registerProducer(self, producer, streaming):
            super().registerProducer(producer, streaming)
            while self.producer is producer:
                producer.resumeProducing()

    check_dialogue(
        lambda: Reader(),
        r"""
        S: * PREAUTH [CAPABILITY IMAP4rev1] hello {5}
        C: 0001 SELECT "INBOX"
        S: * 2 EXISTS
        S: * OK [UIDVALIDITY 7] for ever
        S: 0001 OK [READ-WRITE] here
        C: 0002 FETCH 1 (RFC822)
        C: 0003 FETCH 2 (FLAGS)
        S: * 1 FETCH (RFC822 {8}
        S: a: {3}
        S:  FLAGS (\x5cSeen) X[] "\x5c"{4}")
        S: * 2 FETCH (FLAGS ())
        S: 0002 OK
        C: 0004 APPEND "b" () {8}
        S: + go on
        C: a: {3}
        C:
        S: 0003 OK [ALERT] {3}
        S: 0004 OK
        C: 0005 LOGOUT
        S: * BYE
        S: 0005 OK
        S: [closes]
        """,
        side="C",
        transport=Transport,
    )
