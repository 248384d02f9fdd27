"""SMTP's commands, held against transcripts: each is replayed in one piece, line by line and byte by byte."""

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's words are others", allow_module_level=True)

from reactor.mail.smtp import SMTPBadSender
from tests.mail.servers import ENVELOPE, HELLO, SENDER, QuietSMTP, say


def test_a_letter_arrives_line_by_line_with_its_dots_as_they_were_written(converse, letters):
    converse(
        HELLO
        + ENVELOPE
        + """
        C: DATA
        S: 354 Continue
        C: Subject: dots
        C:
        C: ..
        C: ..two
        C: end
        C: .
        S: 250 2.0.0 Delivery in progress
        C: QUIT
        S: 221 2.0.0 See you later
        S: [closes]
        """
    )
    assert letters.taken == [(b"bob@b.example", b"Subject: dots\n\n.\n.two\nend")] * 3


def test_the_protocol_of_1982_has_no_parameters_and_no_status(converse):
    converse(
        """
        S: 220 mx.example ESMTP of ours
        C: HELO client
        S: 250 mx.example Hello [..]
        C: MAIL FROM:<ann@a.example> SIZE=1
        S: 555 5.5.4 Unknown parameter of MAIL
        C: EHLO client
        S: 500 5.5.1 Command not implemented
        """,
        QuietSMTP,
    )


def test_commands_may_come_all_at_once(converse, letters):
    converse(
        HELLO
        + """
        C: MAIL FROM:<>
        C: RCPT TO:<bob@b.example>
        C: DATA
        S: 250 2.1.0 Sender address accepted
        S: 250 2.1.5 Recipient address accepted
        S: 354 Continue
        C: Subject: pipes
        C: .
        C: MAIL FROM:<ann@a.example>
        S: 250 2.0.0 Delivery in progress
        S: 250 2.1.0 Sender address accepted
        """
    )


def test_a_line_that_is_no_command_is_refused_and_five_of_them_end_the_session(converse):
    wrong = ["JUMP", "MAIL TO:<a@b>", "EHLO two words", "NOOP\\0", "DA\\rTA"]
    replies = ["500 5.5.1", "503 5.5.1", "501 5.5.4", "500 5.5.2", "500 5.5.2"]
    lines = "".join(f"C: {line}\nS: {reply} [..]\n" for line, reply in zip(wrong, replies, strict=True))
    converse("S: 220 [..]\n" + lines + "C: X\nS: 500 [..]\nS: 421 4.7.0 More mistakes than patience\nS: [closes]")


@pytest.mark.parametrize(
    "parameters, reply",
    [
        ("SIZE=99999999999", "552 5.3.4 A letter has at most 26214400 bytes"),
        ("SIZE=x", "501 5.5.4 Bad value of SIZE"),
        ("SIZE", "501 5.5.4 Bad value of SIZE"),
        ("BODY=9BIT", "501 5.5.4 Bad value of BODY"),
        ("SMTPUTF8=yes", "501 5.5.4 Bad value of SMTPUTF8"),
        ("RET=SOME", "501 5.5.4 Bad value of RET"),
        ("COLOUR=red", "555 5.5.4 Unknown parameter of MAIL"),
        ("SIZE=1 BODY=8BITMIME smtputf8 RET=hdrs ENVID=a+2Bb AUTH=<>", "250 2.1.0 Sender address accepted"),
    ],
)
def test_parameters_of_mail_are_checked(converse, parameters, reply):
    converse(f"{HELLO}\nC: MAIL FROM:<ann@a.example> {parameters}\nS: {reply}")


@pytest.mark.parametrize(
    "parameters, code",
    [
        ("NOTIFY=NEVER", 250),
        ("NOTIFY=SUCCESS,DELAY ORCPT=rfc822;bob+40b.example", 250),
        ("NOTIFY=NEVER,DELAY", 501),
        ("ORCPT=x", 501),
    ],
)
def test_parameters_of_rcpt_are_checked(converse, letters, parameters, code):
    converse(f"{HELLO}{SENDER}\nC: RCPT TO:<bob@b.example> {parameters}\nS: {code} [..]")
    if code == 250:
        assert letters.users[0].dest.options[b"NOTIFY"] == parameters.split()[0].split("=")[1].encode()


@pytest.mark.parametrize(
    "path, code",
    [
        ("<@relay.example,@other.example:bob@b.example>", 250),  # a source route is taken and forgotten
        ('<"bob smith"@b.example>', 250),
        ('<"b\\\\"ob"@b.example>', 250),
        ("<bob@[127.0.0.1]>", 250),
        ("<postmaster>", 250),
        ("bob@b.example", 250),
        ("<bob@b.example", 501),
        ("<>", 501),
        ("<bob@b@c>", 553),
        ("<bob@-b.example>", 553),
        ("<bob..x@b.example>", 553),
        (f"<{'b' * 65}@b.example>", 553),
        ("<bob@b.example> x", 555),
    ],
)
def test_paths_of_all_kinds(converse, path, code):
    converse(f"{HELLO}{SENDER}\nC: RCPT TO:{path}\nS: {code} [..]")


def test_letters_outside_ascii_need_smtputf8(converse):
    converse(HELLO + "C: MAIL FROM:<jörg@a.example>\nS: 553 5.6.7 This address needs SMTPUTF8")
    converse(HELLO + "C: MAIL FROM:<jörg@a.example> SMTPUTF8\nS: 250 2.1.0 Sender address accepted")


def test_mail_twice_is_out_of_order(converse):
    converse(HELLO + SENDER + "C: MAIL FROM:<eve@a.example>\nS: 503 5.5.1 [..]")


def test_mail_before_hello_is_out_of_order(converse):
    converse("S: 220 [..]\nC: MAIL FROM:<ann@a.example>\nS: 503 5.5.1 Say HELO first, [..]")


def test_data_without_a_valid_recipient_is_554_after_refusals_and_503_after_nothing(converse, letters):
    letters.names = (b"bob",)
    converse(HELLO + SENDER + "C: DATA\nS: 503 5.5.1 [..]")
    refused = "C: RCPT TO:<eve@b.example>\nS: 550 5.1.1 Cannot receive for specified address\n"
    converse(HELLO + SENDER + refused + "C: DATA\nS: 554 5.5.1 No valid recipients")


def test_recipients_behind_a_refused_sender_are_refused_without_an_end(converse, letters):
    letters.refusals["from"] = SMTPBadSender(b"ann")
    recipients = "".join(f"C: RCPT TO:<u{n}@b.example>\nS: 503 5.5.1 [..]\n" for n in range(20))
    converse(HELLO + "C: MAIL FROM:<ann@a.example>\nS: 550 5.7.1 Sender not acceptable\n" + recipients)


def test_reset_and_hello_forget_the_letter(converse):
    converse(HELLO + ENVELOPE + "C: RSET\nS: 250 2.0.0 I remember nothing.\nC: DATA\nS: 503 [..]")
    converse(HELLO + ENVELOPE + "C: HELO again\nS: 250 [..]\nC: DATA\nS: 503 [..]")


def test_vrfy_tells_nothing_and_noop_does_nothing(converse):
    converse(
        HELLO + "C: VRFY root\nS: 252 [..]\nC: NOOP x\nS: 250 [..]\nC: HELP\nS: 214 [..]\nC: EXPN all\nS: 500 [..]"
    )


def test_a_thousand_recipients_and_not_one_more(server, letters):
    say(server, b"EHLO c", b"MAIL FROM:<a@b>")
    codes = say(server, *(b"RCPT TO:<u%d@b.example>" % n for n in range(1001)))
    assert codes == [b"250"] * 1000 + [b"452"]
    assert say(server, b"DATA", b"x: y", b".") == [b"354", b"250"]
    assert len(letters.taken) == 1000
