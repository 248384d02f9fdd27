"""The client's side of SMTP: against our own server, and against servers that say what a script says."""

import base64
import io

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's client has neither pipelining nor results for each recipient", allow_module_level=True)

from reactor.defer import Deferred
from reactor.mail.smtp import (
    ESMTP,
    LMTP,
    SMTP,
    Address,
    AddressError,
    AUTHDeclinedError,
    AUTHRequiredError,
    EHLORequiredError,
    ESMTPSenderFactory,
    SMTPConnectError,
    SMTPServerError,
    SMTPTimeoutError,
    TLSError,
    TLSRequiredError,
)
from reactor.testing import Clock, StringTransport
from tests.mail.clients import ARRIVED, New, Old, Script, ask, letter


@pytest.mark.parametrize("server", [SMTP, ESMTP])
@pytest.mark.parametrize("client", [Old, New])
def test_letters_go_one_after_the_other_and_the_dots_arrive(ours, letters, server, client):
    client, _ = ask(ours(server), client(letter(), letter(), identity=b"me"))
    assert (
        client.sent
        == [(250, b"2.0.0 Delivery in progress", 1, [(b"bob@b.example", 250, b"2.1.5 Recipient address accepted")])] * 2
    )
    assert letters.taken == [(b"bob@b.example", ARRIVED)] * 2
    assert client.errors == []


def test_a_thousand_recipients_are_pipelined_in_portions(ours, letters):
    recipients = [b"u%d@b.example" % n for n in range(1000)]
    client, _ = ask(ours(), New(letter(*recipients), identity=b"me"))
    assert client.sent[0][2] == 1000
    assert [user for user, _ in letters.taken] == recipients


def test_what_became_of_each_recipient_is_told(ours, letters):
    letters.names = (b"bob", b"joe")
    client, _ = ask(ours(), New(letter(b"bob@b", b"eve@b", b"joe@b"), identity=b"me"))
    code, _, count, addresses = client.sent[0]
    assert (code, count) == (250, 2)
    assert [(address, code) for address, code, _ in addresses] == [(b"bob@b", 250), (b"eve@b", 550), (b"joe@b", 250)]


def test_when_all_recipients_are_refused_no_data_is_sent(letters):
    client, server = ask(
        Script(EHLO="250-x\n250 PIPELINING", RCPT="550 no"), New(letter(b"a@b", b"c@d"), identity=b"me")
    )
    assert client.sent == [(550, b"No recipients accepted", 0, [(b"a@b", 550, b"no"), (b"c@d", 550, b"no")])]
    assert b"DATA" not in server.heard
    assert server.heard[-2:] == [b"RSET", b"QUIT"]


@pytest.mark.parametrize("kind", [Old, New])
def test_a_refused_sender_ends_the_letter_says_nothing_of_recipients_and_the_next_one_goes(kind):
    server = Script(EHLO="250-x\n250 PIPELINING", MAIL="450 not now", RCPT="503 whose letter?")
    client, _ = ask(server, kind(letter(), letter(), identity=b"me"))
    assert client.sent == [(450, b"not now", 0, [])] * 2


def test_lmtp_tells_of_each_recipient_after_the_letter(ours, letters):
    letters.refusals[b"c@d"] = SMTPServerError(452, "4.2.2 full")

    class Local(New):
        word, perRecipient = b"LHLO", True

    client, _ = ask(ours(LMTP), Local(letter(b"a@b", b"c@d", b"e@f"), identity=b"me"))
    code, _, count, addresses = client.sent[0]
    assert (code, count) == (250, 2)
    assert [code for _, code, _ in addresses] == [250, 452, 250]


def test_parameters_are_sent_where_the_server_knows_them():
    known = "250-x\n250-SIZE 9999\n250-8BITMIME\n250-DSN\n250 SMTPUTF8"
    sender, recipient = Address(b"ann@a"), Address("jörg@b")
    sender.options = {b"RET": b"HDRS", b"ENVID": b"1"}
    recipient.options = {b"NOTIFY": b"NEVER"}
    one = (sender, [recipient], "Subject: ä".encode())
    _, server = ask(Script(EHLO=known), New(one, identity=b"me"))
    assert server.heard[1] == b"MAIL FROM:<ann@a> RET=HDRS ENVID=1 SIZE=11 BODY=8BITMIME SMTPUTF8"
    assert server.heard[2] == "RCPT TO:<jörg@b> NOTIFY=NEVER".encode()
    client, server = ask(Script(), New(one, identity=b"me"))
    assert server.heard == [b"EHLO me", b"RSET", b"QUIT"]
    assert client.sent[0][:3] == (553, b"5.6.7 The server has no SMTPUTF8, which this address needs", 0)


@pytest.mark.parametrize(
    "address", [b"a@b>\r\nRCPT TO:<c@d", b"a@b\nDATA", b"a@b> SIZE=1 <x", b"a\0@b", b"two words@b"]
)
def test_no_address_smuggles_a_command(address):
    for envelope in (letter(address), letter(sender=address)):
        client, server = ask(Script(), New(envelope, identity=b"me"))
        assert [line.split(b" ")[0] for line in server.heard] in ([b"EHLO", b"QUIT"], [b"EHLO"])
        assert len(client.errors) == 1
    with pytest.raises(AddressError, match="is no mail address"):
        ESMTPSenderFactory(None, None, b"a@b", [address], io.BytesIO(), Deferred())


@pytest.mark.parametrize("identity", [b"me\r\nMAIL FROM:<a@b>", b"me\n", b"a b", b"", b"x\0"])
def test_no_name_of_ours_smuggles_a_command(identity):
    client, server = ask(Script(), New(letter(), identity=identity))
    assert not [line for line in server.heard if line.startswith((b"MAIL", b"EHLO"))]
    assert "no name to introduce ourselves by" in str(client.errors[0])


@pytest.mark.parametrize(
    "script, options, error",
    [
        ({"greeting": b"554 go away"}, {}, SMTPConnectError),
        ({"EHLO": "500 what?", "HELO": "500 what?"}, {}, None),
        ({"EHLO": "500 what?"}, {"requireAuthentication": True, "secret": b"x"}, EHLORequiredError),
        ({"EHLO": "421 busy"}, {}, EHLORequiredError),
        ({}, {"requireTransportSecurity": True}, TLSRequiredError),
        (
            {"EHLO": "250-x\n250 STARTTLS", "STARTTLS": "454 no"},
            {"requireTransportSecurity": True, "contextFactory": 1},
            TLSError,
        ),
        ({}, {"requireAuthentication": True, "secret": b"x"}, AUTHRequiredError),
        ({}, {"requireAuthentication": True}, AUTHRequiredError),
        ({"EHLO": "250-x\n250 AUTH NTLM"}, {"secret": b"x"}, AUTHRequiredError),
    ],
)
def test_what_we_must_have_and_do_not_get_is_an_error_of_its_own(script, options, error):
    server = Script(**{name: text for name, text in script.items() if name != "greeting"})
    server.greeting = script.get("greeting", server.greeting)
    client = New(letter(), identity=b"me", **{k: v for k, v in options.items() if k in ("secret", "contextFactory")})
    vars(client).update({k: v for k, v in options.items() if k.startswith("require")})
    client, server = ask(server, client)
    assert not client.sent
    assert len(client.errors) == 1
    assert error is None or type(client.errors[0]) is error


def test_where_tls_is_not_a_must_a_server_that_takes_it_back_gets_the_letter():
    client, _ = ask(
        Script(EHLO="250-x\n250 STARTTLS", STARTTLS="454 no"), New(letter(), identity=b"me", contextFactory=1)
    )
    assert client.sent[0][0] == 250


def test_what_comes_in_the_clear_behind_starttls_is_forgotten():
    class Transport(StringTransport):
        TLS = False

        def startTLS(self, context):
            self.TLS = True

    client = New(letter(), identity=b"me", contextFactory=1)
    client.makeConnection(Transport())
    for reply in (b"220 hi\r\n", b"250-x\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n"):
        client.dataReceived(reply)
    client.dataReceived(b"220 go\r\n250-x\r\n250 SIZE 1\r\n")
    assert client.transport.value().endswith(b"STARTTLS\r\nEHLO me\r\n")
    assert client.extensions == {}
    client.dataReceived(b"250-x\r\n250 8BITMIME\r\n")
    assert client.extensions == {b"8BITMIME": b""}
    assert client.transport.value().endswith(b"MAIL FROM:<ann@a.example>\r\n")
    client.connectionLost()


class Authenticator:
    def __init__(self, name):
        self.name = name

    def getName(self):
        return self.name

    def challengeResponse(self, secret, challenge):
        return challenge + secret


def test_logins_send_what_the_authenticator_says_and_keep_it_out_of_the_log():
    server = Script(EHLO="250-x\n250 AUTH X Y", AUTH="334 " + base64.b64encode(b"hm").decode(), aG1zZWNyZXQ="")
    server.replies[base64.b64encode(b"hmsecret").decode()] = "235 in"
    client = New(letter(), identity=b"me", secret=b"secret", logsize=100)
    client.registerAuthenticator(Authenticator(b"Z"))
    client.registerAuthenticator(Authenticator(b"Y"))
    client, server = ask(server, client)
    assert server.heard[1:3] == [b"AUTH Y", base64.b64encode(b"hmsecret")]
    assert client.sent[0][0] == 250
    assert base64.b64encode(b"hmsecret") not in client.log
    assert b">>> (secret)" in client.log


@pytest.mark.parametrize("reply, error", [("535 no", AUTHDeclinedError), ("334 !!", None)])
def test_a_login_that_fails_ends_it(reply, error):
    client = New(letter(), identity=b"me", secret=b"secret")
    client.registerAuthenticator(Authenticator(b"X"))
    server = Script(EHLO="250-x\n250 AUTH X", AUTH=reply)
    client, server = ask(server, client)
    assert not client.sent
    assert error is None or type(client.errors[0]) is error
    assert server.heard[-1] == b"QUIT"


def test_a_silent_server_is_left():
    clock = Clock()
    client = Old(letter(), identity=b"me")
    client.timeout, client.callLater = 30, clock.callLater
    client.makeConnection(StringTransport())
    clock.advance(31)
    assert type(client.errors[0]) is SMTPTimeoutError
    assert client.transport.disconnected
    client.connectionLost()
    assert not clock.getDelayedCalls()


@pytest.mark.parametrize("nonsense", ["nonsense", "25", "250-x\n251 y"])
def test_nonsense_from_the_server_ends_it(nonsense):
    client, _ = ask(Script(EHLO=nonsense), New(letter(), identity=b"me"))
    assert not client.sent
    assert client.transport.disconnecting
