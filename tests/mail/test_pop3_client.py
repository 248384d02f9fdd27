"""The client's side of POP3: what it sends, what it makes of answers, and servers that lie or never end."""

import base64
from hashlib import md5

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's client believes more than ours", allow_module_level=True)

from reactor.address import IPv4Address
from reactor.error import TimeoutError
from reactor.mail.pop3 import (
    AdvancedPOP3Client,
    InsecureAuthenticationDisallowed,
    POP3ClientError,
    POP3Error,
    ServerErrorResponse,
    TLSNotSupportedError,
)
from reactor.protocol import connectionDone
from tests.mail.pop3_doubles import ELSEWHERE
from tests.mail.pop3_doubles import ClientTalk as Talk
from tests.support.outcomes import failure_of, outcomes, result_of


@pytest.fixture
def talk():
    return Talk()


@pytest.mark.parametrize(
    "ask, sends, answer, result",
    [
        (lambda it: it.noop(), b"NOOP", b"+OK", b""),
        (lambda it: it.reset(), b"RSET", b"+OK reset", b"reset"),
        (lambda it: it.quit(), b"QUIT", b"+OK bye", b"bye"),
        (lambda it: it.delete(2), b"DELE 3", b"+OK gone", b"gone"),
        (lambda it: it.user(b"a b"), b"USER a b", b"+OK", b""),
        (lambda it: it.password(b" x "), b"PASS  x ", b"+OK in", b"in"),
        (lambda it: it.apop(b"a", b"0f"), b"APOP a 0f", b"+OK in", b"in"),
        (lambda it: it.stat(), b"STAT", b"+OK 2 320 and more", (2, 320)),
    ],
)
def test_a_command_has_a_line_for_an_answer(talk, ask, sends, answer, result):
    asked = ask(talk.client)
    assert talk.hear() == sends + b"\r\n"
    talk.say(answer)
    assert result_of(asked) == result and talk.client.timeOut is None


@pytest.mark.parametrize(
    "ask, sends, text, result",
    [
        (lambda it: it.listSize(), b"LIST", [b"1 120", b"3 200 and more"], [120, None, 200]),
        (lambda it: it.listUID(), b"UIDL", [b"1 abc", b"2 d~e"], [b"abc", b"d~e"]),
        (lambda it: it.listSize(), b"LIST", [], []),
        (
            lambda it: it.retrieve(0),
            b"RETR 1",
            [b"a: b", b"", b"..", b"...x", b".y"],
            [b"a: b", b"", b".", b"..x", b"y"],
        ),
        (lambda it: it.retrieve(1, lines=5), b"TOP 2 5", [b"a: b", b""], [b"a: b", b""]),
        (
            lambda it: it.capabilities(),
            b"CAPA",
            [b"top", b"SASL PLAIN CRAM-MD5", b"EXPIRE 60"],
            {b"TOP": None, b"SASL": [b"PLAIN", b"CRAM-MD5"], b"EXPIRE": [b"60"]},
        ),
    ],
)
def test_a_command_has_a_text_for_an_answer(talk, ask, sends, text, result):
    asked = ask(talk.client)
    assert talk.hear() == sends + b"\r\n"
    talk.say(b"+OK", *text)
    talk.say(b".")
    assert result_of(asked) == result


def test_a_consumer_gets_each_line_or_pair_as_it_comes(talk):
    lines, pairs = [], []
    asked = talk.client.retrieve(0, lines.append)
    talk.say(b"+OK", b"one", b"..two")
    assert lines == [b"one", b".two"] and not outcomes(asked)
    talk.say(b".")
    asked = talk.client.listUID(pairs.append)
    talk.say(b"+OK", b"1 a", b"7 b", b".")
    assert pairs == [(0, b"a"), (6, b"b")] and result_of(asked) == pairs.append


def test_an_error_of_the_server_has_its_text_and_its_code(talk):
    asked = talk.client.password(b"x")
    talk.say(b"-ERR [in-use] somebody reads it")
    problem = failure_of(asked, ServerErrorResponse).value
    assert (problem.args[0], problem.code) == (b"somebody reads it", b"IN-USE")
    consumer = [].append
    asked = talk.client.retrieve(3, consumer)
    talk.say(b"-ERR no such message")
    assert failure_of(asked).value.consumer is consumer


def test_commands_wait_for_the_greeting_and_for_each_other():
    talk = Talk(greeting=None)
    asked = [talk.client.noop(), talk.client.stat()]
    assert talk.hear() == b""
    talk.say(b"+OK hello")
    assert talk.hear() == b"NOOP\r\n"
    talk.say(b"+OK")
    assert talk.hear() == b"STAT\r\n"
    talk.say(b"+OK 0 0")
    assert [result_of(one) for one in asked] == [b"", (0, 0)]


def test_to_a_server_that_pipelines_all_is_sent_at_once_and_answers_find_their_commands():
    talk = Talk(capabilities=[b"PIPELINING"])
    asked = [talk.client.retrieve(0), talk.client.delete(0), talk.client.retrieve(1)]
    assert talk.hear() == b"RETR 1\r\nDELE 1\r\nRETR 2\r\n"
    talk.say(b"+OK", b"one", b".", b"-ERR no", b"+OK", b"two", b".")
    assert result_of(asked[0]) == [b"one"] and failure_of(asked[1]) and result_of(asked[2]) == [b"two"]


def test_a_letter_is_fetched_while_the_list_still_comes():
    talk, letters = Talk(capabilities=[b"PIPELINING"]), []
    talk.client.listUID(lambda pair: letters.append(talk.client.retrieve(pair[0])))
    talk.hear()
    talk.say(b"+OK", b"1 a")
    assert talk.hear() == b"RETR 1\r\n"
    talk.say(b"2 b", b".", b"+OK", b"letter", b".")
    assert result_of(letters[0]) == [b"letter"]


@pytest.mark.parametrize("ask", [lambda it: it._authenticate(Mechanism(), b"x"), lambda it: it.sendShort(b"STLS")])
def test_nothing_is_sent_behind_a_command_that_changes_everything(ask):
    talk = Talk(capabilities=[b"PIPELINING"])
    ask(talk.client).addErrback(lambda failure: None)
    talk.client.noop()
    assert talk.hear().count(b"\r\n") == 1
    talk.say(b"-ERR no")
    assert talk.hear() == b"NOOP\r\n"


class Mechanism:
    def getName(self):
        return b"X"

    def challengeResponse(self, secret, challenge):
        return challenge + secret


def test_the_best_mechanism_that_both_have_is_used(talk):
    asked = talk.client.login(b"alice", b"secret")
    assert talk.hear() == b"CAPA\r\n"
    talk.say(b"+OK", b"SASL PLAIN X-UNKNOWN", b".")
    assert talk.hear() == b"AUTH PLAIN\r\n"
    talk.say(b"+ ")
    assert base64.b64decode(talk.hear()) == b"\0alice\0secret"
    talk.say(b"+OK in")
    assert result_of(asked) == b"in"


def test_without_mechanisms_there_are_USER_and_PASS(talk):
    asked = talk.client.login(b"alice", b"secret")
    talk.say(b"-ERR what?")
    assert talk.hear() == b"CAPA\r\nUSER alice\r\n"
    talk.say(b"+OK")
    assert talk.hear() == b"PASS secret\r\n"
    talk.say(b"+OK in")
    assert result_of(asked) == b"in"


def test_no_password_is_sent_in_the_clear_over_a_network():
    talk = Talk(peer=ELSEWHERE)
    asked = talk.client.login(b"alice", b"secret")
    talk.say(b"+OK", b"SASL PLAIN LOGIN", b"USER", b"STLS", b".")
    failure_of(asked, InsecureAuthenticationDisallowed)
    assert b"secret" not in talk.hear()


def test_unless_the_program_insists():
    talk = Talk(peer=ELSEWHERE, allowInsecureLogin=True)
    asked = talk.client.login(b"alice", b"secret")
    talk.say(b"-ERR")
    talk.say(b"+OK")
    talk.say(b"+OK in")
    assert result_of(asked) == b"in"


def test_TLS_comes_first_and_what_came_before_it_is_forgotten():
    talk = Talk(b"+OK <1.2@x>", peer=ELSEWHERE, contextFactory=object())
    asked = talk.client.login(b"alice", b"secret")
    talk.say(b"+OK", b"STLS", b"SASL CRAM-MD5", b".")
    assert talk.hear() == b"CAPA\r\nSTLS\r\n"
    talk.say(b"+OK begin", b"+OK", b"SASL CRAM-MD5", b".")  # the rest is what an attacker adds
    assert talk.transport.TLS and talk.client.startedTLS and talk.client.serverChallenge is None
    assert talk.hear() == b"CAPA\r\n"
    talk.say(b"+OK", b"SASL PLAIN", b".")
    assert talk.hear() == b"AUTH PLAIN\r\n"
    talk.say(b"+")
    talk.say(b"+OK in")
    assert result_of(asked) == b"in"


def test_TLS_that_cant_be_is_an_error(talk):
    failure_of(talk.client.startTLS(), POP3ClientError)
    asked = talk.client.startTLS(object())
    talk.say(b"+OK", b"TOP", b".")
    failure_of(asked, TLSNotSupportedError)


def test_APOP_is_used_only_when_the_program_asks_for_it():
    for allowed in (False, True):
        talk = Talk(b"+OK ready <12.34@host>", allowAPOP=allowed)
        talk.client.login(b"alice", b"secret")
        talk.say(b"-ERR")
        digest = md5(b"<12.34@host>secret").hexdigest().encode()
        assert talk.hear().endswith(b"APOP alice " + digest + b"\r\n" if allowed else b"USER alice\r\n")


@pytest.mark.parametrize(
    "greeting",
    [b"<>", b"<@>", b"<a>", b"<a@>", b"<\x80\xfe@host>", b"<a b@host>", b"<a<@host>", b"<a@b@c>", b"<a@host"],
)
def test_a_challenge_that_is_no_message_id_is_not_hashed(greeting):
    assert Talk(b"+OK hello " + greeting).client.serverChallenge is None


def test_SCRAM_proves_both_sides(tmp_path):
    pytest.importorskip("scramp")
    from reactor.cred.checkers import StoredPasswordFile
    from reactor.cred.portal import Portal
    from reactor.cred.stored_password import StoredPassword
    from reactor.mail.pop3 import POP3Factory
    from reactor.testing import FakeTransport, connect
    from tests.mail.pop3_doubles import House

    (tmp_path / "passwd").write_text(f"alice:{StoredPassword.of(b'a secret', rounds=4096)}\n")
    house = House()
    factory = POP3Factory(Portal(house.realm, [StoredPasswordFile(tmp_path / "passwd")]), reactor=house.clock)
    server, client = factory.buildProtocol(ELSEWHERE), AdvancedPOP3Client()
    client.callLater = house.clock.callLater
    addresses = {"hostAddress": IPv4Address("TCP", "192.0.2.9", 1), "peerAddress": ELSEWHERE}
    pump = connect(server, FakeTransport(server, True, **addresses), client, FakeTransport(client, False, **addresses))
    asked = outcomes(client.login(b"alice", b"a secret").addCallback(lambda _: client.stat()))
    pump.flush()
    assert asked == [(3, 75)]


def test_what_waits_fails_as_the_connection_does(talk):
    asked = [talk.client.noop(), talk.client.stat()]
    talk.close()
    assert [failure_of(one).type for one in asked] == [type(connectionDone.value)] * 2
    assert not talk.clock.getDelayedCalls()


def test_a_server_that_says_nothing_is_left(talk):
    asked = talk.client.noop()
    talk.clock.advance(talk.client.timeout + 1)
    assert talk.transport.disconnected
    talk.close()
    assert "has said nothing for 300 s" in str(failure_of(asked, TimeoutError).value)


def test_an_idle_client_has_no_clock_and_one_that_hears_something_begins_anew(talk):
    assert not talk.clock.getDelayedCalls()
    talk.client.retrieve(0)
    talk.say(b"+OK")
    for _ in range(5):
        talk.clock.advance(talk.client.timeout - 1)
        talk.say(b"a line")
    assert not talk.transport.disconnecting


def test_a_greeting_that_refuses_fails_what_waits():
    talk = Talk(greeting=None)
    asked = talk.client.login(b"alice", b"secret")
    talk.say(b"-ERR [SYS/TEMP] too busy")
    assert talk.transport.disconnecting
    talk.close()
    assert failure_of(asked, ServerErrorResponse).value.code == b"SYS/TEMP"


@pytest.mark.parametrize(
    "ask, lines, says",
    [
        (lambda it: it.noop(), [b"hello?"], "begins with"),
        (lambda it: it.noop(), [b"+OKAY"], "begins with"),
        (lambda it: it.listSize(), [b"+OK", b"0 5"], "not 0"),
        (lambda it: it.listSize(), [b"+OK", b"-1 5"], "is no number"),
        (lambda it: it.listSize(), [b"+OK", b"1000000001 5"], "numbered 1 to 1000000, not"),
        (lambda it: it.listSize(), [b"+OK", b"1 x"], "is no number"),
        (lambda it: it.listUID(lambda pair: 1 / 0), [b"+OK", b"1 a"], "division"),
        (lambda it: it.capabilities(), [b"+OK", *(b"X%d" % n for n in range(1001))], "don't end"),
    ],
)
def test_a_server_that_speaks_no_POP3_is_left_and_the_reason_is_told(talk, ask, lines, says):
    asked = ask(talk.client)
    talk.say(*lines)
    assert talk.transport.disconnecting
    talk.close()
    assert says in str(failure_of(asked).value)


def test_an_endless_UIDL_list_fills_no_memory(talk):
    talk.client.maxMessages = 100
    asked = talk.client.listUID()
    talk.say(b"+OK", *(b"%d uid" % number for number in range(1, 102)))
    talk.close()
    assert "numbered 1 to 100, not 101" in str(failure_of(asked, POP3Error).value)


def test_an_endless_letter_fills_no_memory_unless_somebody_takes_it(talk):
    talk.client.maxBytes = 1000
    taken = []
    talk.client.retrieve(0, taken.append)
    talk.say(b"+OK", *[b"x" * 98] * 20, b".")
    assert len(taken) == 20
    asked = talk.client.retrieve(0)
    talk.say(b"+OK", *[b"x" * 98] * 11)
    talk.close()
    assert "more than 1000 bytes: take it with a consumer" in str(failure_of(asked, POP3Error).value)


def test_an_endless_line_ends_the_connection(talk):
    asked = talk.client.noop()
    talk.client.MAX_LENGTH = 1000
    talk.client.dataReceived(b"x" * 1003)
    talk.close()
    assert "a line of more than 1000 bytes" in str(failure_of(asked, POP3Error).value)


def test_what_nobody_asked_for_ends_the_connection(talk):
    talk.say(b"+OK surprise")
    assert talk.transport.disconnecting


def test_a_line_with_a_line_break_in_it_is_not_sent(talk):
    for mark in (b"\r", b"\n", b"\0"):
        with pytest.raises(ValueError, match="no CR, LF or NUL"):
            talk.client.user(b"alice" + mark + b"DELE 1")
    assert talk.hear() == b""


def test_a_STAT_that_is_none_fails_alone(talk):
    asked = talk.client.stat()
    talk.say(b"+OK lots")
    failure_of(asked, POP3Error)
    assert not talk.transport.disconnecting


def test_the_greeting_is_passed_on():
    greetings = []
    Talk(b"+OK <1.2@x> hello", serverGreeting=greetings.append)
    assert greetings == [b"<1.2@x> hello"]


def test_what_the_server_can_is_asked_once(talk):
    first = talk.client.capabilities()
    talk.say(b"+OK", b"TOP", b".")
    talk.hear()
    assert result_of(talk.client.capabilities()) == result_of(first) == {b"TOP": None}
    talk.client.capabilities(useCache=False)
    assert talk.hear() == b"CAPA\r\n"
