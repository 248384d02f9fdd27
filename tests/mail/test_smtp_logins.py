"""Logins and TLS on the server's side of SMTP."""

import base64

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's words are others", allow_module_level=True)

from reactor.address import IPv4Address
from reactor.cred.checkers import AllowAnonymousAccess, InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.mail.smtp import ESMTP, SMTPFactory
from reactor.protocols.policies import LoginLimits
from reactor.testing import Clock, StringTransport, check_dialogue

PLAIN = base64.b64encode(b"\0ann\0secret").decode()
WRONG = base64.b64encode(b"\0ann\0wrong").decode()
ANN, SECRET = base64.b64encode(b"ann").decode(), base64.b64encode(b"secret").decode()


class Transport(StringTransport):
    TLS = False
    host = "192.0.2.7"

    def startTLS(self, context):
        self.TLS, self.context = True, context

    def getPeer(self):
        return IPv4Address("TCP", self.host, 4711)


class Home(Transport):
    host = "127.0.0.1"


class Realm:
    def __init__(self, letters):
        self.letters, self.out = letters, []

    def requestAvatar(self, who, mind, *interfaces):
        return interfaces[0], self.letters, lambda: self.out.append(who)


@pytest.fixture
def realm(letters):
    return Realm(letters)


@pytest.fixture
def make(realm):
    clock = Clock()

    def make(*more, chal=None, ctx="certificate", **attributes):
        server = ESMTP(chal, ctx)
        server.noisy, server.host, server.clock = False, b"mx.example", clock
        server.portal = Portal(realm, [InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret"), *more])
        server.callLater = clock.callLater
        vars(server).update(attributes)
        return server

    return make


@pytest.fixture
def converse(make):
    def check(transcript, *more, transport=Home, **options):
        hello = "S: 220 [..]\nC: EHLO client\nS: 250-mx.example [..]\n" + "S: 250-[..]\n" * options.pop("lines", 7)
        check_dialogue(lambda: make(*more, **options), hello + transcript, transport=transport)

    return check


def test_somebody_logs_in_by_plain_with_or_without_an_initial_response(converse):
    twice = f"C: AUTH PLAIN {PLAIN}\nS: 235 2.7.0 [..]\nC: AUTH PLAIN {PLAIN}\nS: 503 [..]"
    converse("S: 250 AUTH CRAM-MD5 PLAIN LOGIN\n" + twice)
    converse(f"S: 250 [..]\nC: auth plain\nS: 334[..]\nC: {PLAIN}\nS: 235 2.7.0 [..]")


def test_somebody_logs_in_by_login(converse):
    converse(f"S: 250 [..]\nC: AUTH LOGIN\nS: 334 [..]\nC: {ANN}\nS: 334 [..]\nC: {SECRET}\nS: 235 2.7.0 [..]")


def test_a_wrong_password_is_refused_and_five_of_them_end_the_session(converse):
    attempt = f"C: AUTH PLAIN {WRONG}\nS: 535 5.7.8 Authentication failed\n"
    converse("S: 250 [..]\n" + attempt * 5 + "S: 421 4.7.0 More mistakes than patience\nS: [closes]")


def test_a_login_can_be_given_up_with_an_asterisk(converse):
    converse("S: 250 [..]\nC: AUTH LOGIN\nS: 334 [..]\nC: *\nS: 501 5.5.2 [..]\nC: NOOP\nS: 250 [..]")
    converse("S: 250 [..]\nC: AUTH CRAM-MD5\nS: 334 [..]\nC: *\nS: 501 5.5.2 [..]\nC: NOOP\nS: 250 [..]")


def test_what_is_no_base64_ends_the_login(converse):
    converse("S: 250 [..]\nC: AUTH PLAIN !!\nS: 501 5.5.2 [..]\nC: NOOP\nS: 250 [..]")
    converse("S: 250 [..]\nC: AUTH PLAIN =\nS: 501 5.5.2 [..]\nC: NOOP\nS: 250 [..]")


def test_passwords_are_not_taken_in_the_clear_from_elsewhere(converse):
    converse(
        f"S: 250 AUTH CRAM-MD5\nC: AUTH PLAIN {PLAIN}\nS: 538 5.7.11 Encrypt first\nC: AUTH KERBEROS\nS: 504 [..]",
        transport=Transport,
    )


def test_only_the_mechanisms_that_were_named_are_offered(converse):
    converse(f"S: 250 AUTH LOGIN\nC: AUTH PLAIN {PLAIN}\nS: 504 5.5.4 [..]", chal={b"LOGIN": None})


def test_a_login_in_the_middle_of_a_letter_is_out_of_order(converse):
    converse(
        f"S: 250 [..]\nC: MAIL FROM:<a@b>\nS: 250 [..]\nC: AUTH PLAIN {PLAIN}\nS: 503 [..]", AllowAnonymousAccess()
    )


def test_who_is_not_logged_in_sends_only_where_anonymous_is_welcome(converse, letters):
    converse("S: 250 [..]\nC: MAIL FROM:<a@b>\nS: 530 5.7.0 Authentication required")
    converse("S: 250 [..]\nC: MAIL FROM:<a@b>\nS: 250 [..]", AllowAnonymousAccess())
    refused = "S: 250 [..]\nC: MAIL FROM:<a@b>\nS: 530 5.7.0 [..]\n"
    welcome = f"C: AUTH PLAIN {PLAIN}\nS: 235 [..]\nC: MAIL FROM:<a@b>\nS: 250 [..]"
    converse(refused + welcome, AllowAnonymousAccess(), requireAuthentication=True)


def test_who_logs_in_is_logged_out_when_they_leave(make, realm):
    server = make(AllowAnonymousAccess())
    server.makeConnection(Home())
    server.dataReceived(f"EHLO c\r\nMAIL FROM:<a@b>\r\nRSET\r\nAUTH PLAIN {PLAIN}\r\n".encode())
    assert len(realm.out) == 1  # the anonymous one
    server.connectionLost()
    assert realm.out[1:] == [b"ann"]


def test_after_starttls_everything_is_forgotten_and_what_came_in_the_clear_too(make, letters):
    server = make()
    server.makeConnection(Transport())
    server.dataReceived(b"EHLO c\r\nSTARTTLS\r\nMAIL FROM:<injected@b>\r\nRCPT TO:<b@c>\r\n")
    assert server.transport.context == "certificate"
    assert server.transport.value().endswith(b"220 2.0.0 Begin TLS negotiation now\r\n")
    server.transport.clear()
    server.dataReceived(b"MAIL FROM:<a@b>\r\nEHLO c\r\nRCPT TO:<b@c>\r\nSTARTTLS\r\n")
    replies = server.transport.value()
    assert [line[:3] for line in replies.splitlines() if line[3:4] == b" "] == [b"503", b"250", b"503", b"503"]
    assert b"STARTTLS" not in replies.split(b"503")[1]
    assert b"AUTH CRAM-MD5 PLAIN LOGIN" in replies  # over TLS passwords are welcome
    assert letters.senders == []


def test_a_login_does_not_outlive_starttls(make, realm):
    server = make()
    server.makeConnection(Home())
    server.dataReceived(f"EHLO c\r\nAUTH PLAIN {PLAIN}\r\nSTARTTLS\r\n".encode())
    assert (server.authenticated, realm.out) == (False, [b"ann"])


def test_starttls_without_a_certificate_or_with_words_behind_it_is_refused(converse):
    converse("S: 250 [..]\nC: STARTTLS\nS: 454 4.7.0 TLS not available", ctx=None, lines=6)
    converse("S: 250 [..]\nC: STARTTLS now\nS: 501 5.5.4 [..]")


def test_guessers_are_slowed_down_and_shut_out(make):
    clock = Clock()
    limits = LoginLimits(clock, most=2)
    for reply in (b"535", b"535", b"421"):
        server = make(limits=limits)
        server.makeConnection(Home())
        server.dataReceived(b"EHLO c\r\n")
        server.transport.clear()
        server.dataReceived(f"AUTH PLAIN {WRONG}\r\nNOOP\r\n".encode())
        assert server.transport.value() == b""
        clock.advance(20)
        assert server.transport.value()[:3] == reply
        server.connectionLost()


def test_the_sessions_of_a_factory_slow_down_guessers_together(realm):
    clock = Clock()
    factory = SMTPFactory(Portal(realm, [InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")]), clock)
    factory.protocol = ESMTP
    delays = []
    for _ in range(3):
        server, begun = factory.buildProtocol(Home().getPeer()), clock.seconds()
        server.makeConnection(Home())
        server.dataReceived(b"EHLO c\r\n")
        server.transport.clear()
        server.dataReceived(f"AUTH PLAIN {WRONG}\r\n".encode())
        while not server.transport.value():
            clock.advance(0.5)
        assert server.transport.value().startswith(b"535 ")
        delays.append(clock.seconds() - begun)
        server.connectionLost()
    assert delays == [0.5, 1.0, 2.0]


def test_a_login_that_is_cut_off_logs_nobody_in(make, realm):
    from reactor.defer import Deferred

    checking = Deferred()
    server = make()
    for checker in server.portal.checkers.values():
        checker.requestAvatarId = lambda credentials: checking
    server.makeConnection(Home())
    server.dataReceived(f"EHLO c\r\nAUTH PLAIN {PLAIN}\r\n".encode())
    server.connectionLost()
    checking.callback(b"ann")
    assert realm.out == [b"ann"]
    assert not server.authenticated


def test_scram_takes_no_password_and_the_server_proves_itself_too(converse, realm, tmp_path):
    pytest.importorskip("scramp")
    from reactor.cred.checkers import StoredPasswordFile
    from reactor.cred.stored_password import StoredPassword
    from reactor.sasl import SCRAMAuthenticator

    file = tmp_path / "users"
    file.write_text(f"ann:{StoredPassword.of(b'secret')}\n")
    server = ESMTP(None, None)
    server.noisy = False
    server.portal = Portal(realm, [StoredPasswordFile(str(file))])
    server.makeConnection(Transport())
    server.dataReceived(b"EHLO c\r\n")
    assert b"SCRAM-SHA-256" in server.transport.value()
    client = SCRAMAuthenticator(b"ann")
    line, command = base64.b64encode(client.challengeResponse(b"secret", b"")), b"AUTH SCRAM-SHA-256 "
    for _ in range(3):
        server.transport.clear()
        server.dataReceived(command + line + b"\r\n")
        reply, command = server.transport.value(), b""
        if reply[:3] == b"334":
            line = base64.b64encode(client.challengeResponse(b"secret", base64.b64decode(reply[4:])))
    assert reply[:3] == b"235"
    assert client.isDone
    server.connectionLost()
