"""How a client of IMAP logs in: over TLS, by SASL, not in the clear over a network; and what it doesn't believe."""

import base64

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's client believes more than ours", allow_module_level=True)

from reactor.mail.imap4 import IllegalServerResponse, IMAP4Exception, NegativeResponse, NoSupportedAuthentication
from reactor.sasl import CramMD5ClientAuthenticator, LOGINAuthenticator, PLAINAuthenticator
from tests.mail.imap_doubles import Talk
from tests.mail.pop3_doubles import ELSEWHERE
from tests.support.outcomes import failure_of, result_of

CONTEXT = object()  # of TLS
PLAIN = base64.b64encode(b"\0alice\0a secret")


def knocking(capabilities=b"", **options):
    """A client that isn't in."""
    greeting = b"* OK [CAPABILITY IMAP4rev1 " + capabilities + b"] hello"
    return Talk(greeting, **options)


def log_in(talk):
    return talk.client.login(b"alice", b"a secret")


def test_a_login_is_two_strings_where_there_is_no_SASL():
    talk = knocking()
    asked = talk.client.login(b'al"ice', b"a \\secret")
    talk.answer(b'LOGIN "al\\"ice" "a \\\\secret"', end=b"OK [CAPABILITY IMAP4rev1 IDLE] in")
    assert result_of(asked).line.endswith(b"in") and talk.client.state == "auth"
    assert result_of(talk.client.getCapabilities()) == {b"IMAP4rev1": None, b"IDLE": None} and talk.hear() == b""


def test_a_password_with_other_letters_than_ASCII_is_a_literal():
    talk = knocking()
    asked = talk.client.login(b"alice", b"\xc3\xa4")
    assert talk.hear() == b'0001 LOGIN "alice" {2}\r\n'
    talk.say(b"+")
    assert talk.hear() == b"\xc3\xa4\r\n"
    talk.say(b"0001 NO [AUTHENTICATIONFAILED] no")
    assert failure_of(asked, NegativeResponse).value.code == [b"AUTHENTICATIONFAILED"] and talk.client.state == "unauth"


def test_a_login_is_by_SASL_where_there_is_some_and_in_one_line_with_SASL_IR():
    talk = knocking(b"AUTH=PLAIN")
    asked = log_in(talk)
    assert talk.hear() == b"0001 AUTHENTICATE PLAIN\r\n"
    talk.say(b"+ ")
    assert talk.hear() == PLAIN + b"\r\n"
    talk.say(b"0001 OK in")
    assert result_of(asked).line == b"OK in" and talk.client.state == "auth"
    talk = knocking(b"auth=plain SASL-IR")
    asked = log_in(talk)
    talk.answer(b"AUTHENTICATE PLAIN " + PLAIN)
    assert result_of(asked).line == b"OK done"


def test_a_challenge_is_answered():
    talk = knocking(b"AUTH=PLAIN AUTH=CRAM-MD5 SASL-IR", peer=ELSEWHERE)
    asked = log_in(talk)
    assert talk.hear() == b"0001 AUTHENTICATE CRAM-MD5\r\n"
    talk.say(b"+ " + base64.b64encode(b"<1@here>"))
    assert base64.b64decode(talk.hear()).startswith(b"alice ")
    talk.say(b"0001 OK in")
    assert result_of(asked).line == b"OK in"


def test_a_challenge_that_is_none_calls_the_login_off():
    talk = knocking(b"AUTH=CRAM-MD5")
    asked = log_in(talk)
    talk.hear()
    talk.say(b"+ !!!")
    assert talk.hear() == b"*\r\n" and not asked.called
    talk.say(b"0001 BAD as you like")
    failure_of(asked, ValueError)
    asked = talk.client.noop()
    talk.answer(b"NOOP")
    assert result_of(asked) == []


def test_only_mechanisms_that_are_registered_are_used_to_authenticate():
    talk = knocking(b"AUTH=PLAIN AUTH=LOGIN AUTH=CRAM-MD5")
    failure_of(talk.client.authenticate(b"a secret"), NoSupportedAuthentication)
    talk.client.registerAuthenticator(CramMD5ClientAuthenticator(b"alice"))
    talk.client.registerAuthenticator(LOGINAuthenticator(b"alice"))
    asked = talk.client.authenticate(b"a secret")
    assert talk.hear() == b"0001 AUTHENTICATE LOGIN\r\n"
    talk.say(b"+ VXNlcjo=", b"+ UGFzczo=")
    assert talk.hear() == b"\r\n".join([base64.b64encode(b"alice"), base64.b64encode(b"a secret"), b""])
    talk.say(b"0001 OK in")
    assert result_of(asked).line == b"OK in"


# --- what must not be seen


@pytest.mark.parametrize("capabilities", [b"", b"AUTH=PLAIN AUTH=LOGIN", b"LOGINDISABLED"])
def test_no_password_is_sent_in_the_clear_over_a_network_unless_that_is_allowed(capabilities):
    talk = knocking(capabilities, peer=ELSEWHERE)
    error = failure_of(log_in(talk), NoSupportedAuthentication).value
    assert "no password is sent in the clear, so set contextFactory: the server has" in str(error)
    talk.client.registerAuthenticator(PLAINAuthenticator(b"alice"))
    error = failure_of(talk.client.authenticate(b"a secret"), NoSupportedAuthentication).value
    assert talk.hear() == b"" and [*error.clientSupports] == [b"PLAIN"]
    talk = knocking(capabilities, peer=ELSEWHERE, allowInsecureLogin=True)
    asked = log_in(talk)
    assert talk.hear() != b"" or (capabilities == b"LOGINDISABLED" and failure_of(asked, NoSupportedAuthentication))


def test_a_login_begins_TLS_and_believes_what_is_said_over_it():
    talk = knocking(b"STARTTLS AUTH=PLAIN", peer=ELSEWHERE, context=CONTEXT)
    asked = log_in(talk)
    talk.answer(b"STARTTLS", b"* 666 EXISTS")
    assert talk.transport.TLS and talk.client.startedTLS
    talk.answer(b"CAPABILITY", b"* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=CRAM-MD5")
    assert talk.hear() == b"0003 AUTHENTICATE CRAM-MD5\r\n" and not asked.called and talk.client.news == []


def test_TLS_needs_a_context_and_a_server_that_has_it():
    talk = knocking(b"STARTTLS")
    assert "TLS needs a context" in str(failure_of(talk.client.startTLS(), IMAP4Exception).value)
    talk = knocking(b"IDLE")
    assert "no STARTTLS" in str(failure_of(talk.client.startTLS(CONTEXT), IMAP4Exception).value)
    assert talk.hear() == b"" and not talk.client.startedTLS


def test_a_refused_STARTTLS_leaves_no_login_in_the_clear():
    talk = knocking(b"STARTTLS AUTH=PLAIN", context=CONTEXT)
    asked = log_in(talk)
    talk.answer(b"STARTTLS", end=b"NO not today")
    failure_of(asked, NegativeResponse)
    assert talk.hear() == b"" and not talk.transport.TLS


@pytest.mark.parametrize("more", [b"* CAPABILITY AUTH=PLAIN\r\n", b"0002 OK in\r\n", b"x"])
def test_what_somebody_says_between_OK_and_TLS_ends_the_connection(more):
    talk = knocking(b"STARTTLS", context=CONTEXT)
    asked = log_in(talk)
    talk.hear()
    talk.client.dataReceived(b"0001 OK begin\r\n" + more)
    assert talk.transport.disconnecting and not talk.transport.TLS and talk.hear() == b""
    talk.close()
    assert "between its OK and TLS" in str(failure_of(asked, IMAP4Exception).value)


def test_a_server_that_lets_us_in_before_TLS_is_left_if_TLS_was_wanted():
    talk = Talk(b"* PREAUTH welcome", context=CONTEXT)
    asked = log_in(talk)
    assert talk.transport.disconnecting and talk.hear() == b""
    talk.close()
    assert "before TLS" in str(failure_of(asked, IllegalServerResponse).value)
    assert Talk(b"* PREAUTH welcome").client.state == "auth"


def test_nothing_about_mailboxes_is_believed_before_a_login():
    talk = knocking()
    talk.say(b"* 5 EXISTS", b"* 1 EXPUNGE", b"* 1 FETCH (FLAGS (x))", b"* OK [READ-ONLY] ha")
    assert talk.client.news == [] and not talk.transport.disconnecting
    talk.client.login(b"a", b"b")
    talk.answer(b'LOGIN "a" "b"')
    talk.say(b"* 5 EXISTS")
    assert talk.client.news == [("new", 5, None)]


def test_capabilities_are_asked_for_again_after_a_login():
    talk = knocking(b"AUTH=PLAIN")
    talk.client.login(b"a", b"b")
    talk.hear()
    talk.say(b"+", b"0001 OK in")
    talk.hear()
    asked = talk.client.getCapabilities()
    talk.answer(b"CAPABILITY", b"* CAPABILITY IMAP4rev1 MOVE")
    assert result_of(asked) == {b"IMAP4rev1": None, b"MOVE": None}


@pytest.mark.parametrize(
    "greeting", [b"* BYE full", b"* NO no", b"* BAD", b"* 5 EXISTS", b"+ go", b"0001 OK", b"", b"220 x"]
)
def test_a_greeting_that_is_none_ends_the_connection(greeting):
    talk = Talk(greeting=b"")
    asked = talk.client.noop()
    talk.say(greeting)
    assert talk.transport.disconnecting and talk.hear() == b""
    talk.close()
    failure_of(asked, IllegalServerResponse)
