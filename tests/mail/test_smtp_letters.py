"""What becomes of letters that SMTP's server takes: their ends, their sizes, their chunks, and what the house says."""

import errno

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's words are others", allow_module_level=True)

from reactor.defer import Deferred
from reactor.mail.smtp import SMTPServerError
from reactor.testing import StringTransport
from tests.mail.servers import CLOCK, ENVELOPE, HELLO, SENDER, QuietESMTP, QuietLMTP, say

# --- smuggling


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r", b"\r.\r\n", b"\n\n.\r\n"])
def test_only_crlf_dot_crlf_ends_a_letter_and_a_bare_cr_or_lf_refuses_it(server, letters, end):
    say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"DATA")
    hidden = b"MAIL FROM:<admin@b>\r\nRCPT TO:<b@c>\r\nDATA\r\nsmuggled\r\n"
    server.transport.clear()
    server.dataReceived(b"Subject: x\r\n\r\nbody" + end + hidden)
    assert server.transport.value() == b""
    server.dataReceived(b".\r\n")
    assert server.transport.value().startswith(b"550 5.5.2 A line ends with CR and LF together")
    assert (letters.taken, letters.lost) == ([], 1)


def test_a_bare_line_end_in_a_chunk_refuses_the_letter_too(server, letters):
    say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>")
    server.dataReceived(b"BDAT 9 LAST\r\na: b\n.\r\nNOOP\r\n")
    assert b"550 5.5.2" in server.transport.value()
    assert letters.taken == []


# --- sizes


def test_a_letter_that_is_too_large_is_refused_at_its_end_and_not_kept(server, letters):
    server.maxMessageSize = 1000
    say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"DATA")
    assert say(server, *([b"x" * 100] * 20)) == []
    assert letters.lost == 1
    assert say(server, b".", b"NOOP") == [b"552", b"250"]


def test_a_line_of_a_letter_has_a_limit(server, letters):
    say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"DATA")
    for _ in range(70):
        server.dataReceived(b"x" * 1000)
    assert letters.lost == 1
    assert say(server, b"", b".") == [b"500"]


def test_a_command_line_that_is_too_long_is_skipped_to_its_end(server):
    say(server, b"EHLO c")
    assert say(server, b"NOOP " + b"x" * 20_000, b"NOOP") == [b"500", b"250"]
    server.transport.clear()
    for piece in (b"x" * 13_000, b"y" * 50, b"MAIL FROM:<a@b>", b"\r", b"\nNOOP\r\n"):
        server.dataReceived(piece)
    assert [line[:3] for line in server.transport.value().splitlines()] == [b"500", b"250"]


def test_a_line_without_end_costs_no_memory_and_its_end_is_found(server):
    server.transport.clear()
    for _ in range(50):
        server.dataReceived(b"x" * 10_000)
    server.dataReceived(b"\r\nNOOP\r\n")
    assert [line[:3] for line in server.transport.value().splitlines()] == [b"500", b"250"]


# --- chunks


def test_chunks_make_a_letter_and_their_dots_are_their_own(converse, letters):
    converse(
        HELLO
        + ENVELOPE
        + """
        C: BDAT 6
        C: a: b
        S: 250 2.0.0 Chunk taken
        C: BDAT 2
        C:
        S: 250 2.0.0 Chunk taken
        C: BDAT 3 LAST
        C: .
        S: 250 2.0.0 Delivery in progress
        """
    )
    assert letters.taken == [(b"bob@b.example", b"a: b\n\n.")] * 3


def test_a_last_chunk_may_be_empty(converse, letters):
    converse(HELLO + ENVELOPE + "C: BDAT 3\nC: x\nS: 250 [..]\nC: BDAT 0 LAST\nS: 250 2.0.0 Delivery[..]")
    assert letters.taken == [(b"bob@b.example", b"\nx")] * 3


def test_a_chunk_without_a_recipient_is_read_and_thrown_away(converse):
    converse(HELLO + SENDER + "C: BDAT 6 LAST\nC: QUIT\nC: NOOP\nS: 503 5.5.1 [..]\nS: 250 2.0.0 OK")


def test_data_in_the_middle_of_chunks_is_out_of_order(converse):
    converse(HELLO + ENVELOPE + "C: BDAT 3\nC: x\nS: 250 [..]\nC: DATA\nS: 503 [..]\nC: MAIL FROM:<x@y>\nS: 503 [..]")


@pytest.mark.parametrize("size", ["", "x", "-1", "1 FIRST", "999999999999999999999999"])
def test_a_chunk_of_no_size_ends_the_session_as_nobody_knows_where_commands_begin(converse, size):
    converse(HELLO + ENVELOPE + f"C: BDAT {size}\nS: 501 [..]\nS: 421 5.5.4 [..]\nS: [closes]")


def test_a_chunk_that_is_larger_than_a_letter_may_be_is_refused_when_it_is_over(server, letters):
    server.maxMessageSize = 10
    say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"BDAT 42 LAST")
    assert say(server, b"x" * 40, b"NOOP") == [b"552", b"250"]
    assert letters.taken == []


# --- what the house says


def test_a_full_disk_is_not_now_and_other_trouble_too(server, letters, logged_errors):
    troubles = [
        (OSError(errno.ENOSPC, "full"), b"452"),
        (OSError(errno.EIO, "io"), b"451"),
        (ZeroDivisionError(), b"451"),
    ]
    for problem, code in troubles:
        for step in ("end", "line", "begin"):
            letters.refusals = {step: problem}
            codes = say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"DATA")
            if step != "begin":
                assert codes[-1] == b"354"
                codes = say(server, b"x: y", b".")
            assert codes[-1] == code, (step, problem)
    assert letters.taken == []
    assert len(logged_errors.flush(Exception)) == 9


def test_a_refusal_in_the_middle_of_a_letter_is_told_at_its_end(server, letters):
    letters.refusals["line"] = SMTPServerError(554, "no such words here")
    say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"DATA")
    assert say(server, b"spam") == []
    say(server, b".")
    assert server.transport.value() == b"554 5.0.0 no such words here\r\n"


def test_not_now_for_one_recipient_is_not_now_for_the_letter(server, letters):
    letters.refusals[b"c@d"] = SMTPServerError(451, "4.2.1 later")
    letters.refusals[b"e@f"] = SMTPServerError(550, "5.2.1 never")
    envelope = (b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"RCPT TO:<c@d>", b"RCPT TO:<e@f>")
    assert say(server, *envelope, b"DATA", b"x: y", b".")[-1] == b"451"


def test_lmtp_answers_for_each_recipient(converse, letters):
    letters.refusals[b"c@d"] = SMTPServerError(451, "4.2.1 later")
    converse(
        """
        S: 220 mx.example ESMTP of ours LMTP
        C: EHLO client
        S: 500 5.5.1 Command not implemented
        C: LHLO client
        S: 250-[..]
        S: 250-PIPELINING
        S: 250-8BITMIME
        S: 250-SMTPUTF8
        S: 250-CHUNKING
        S: 250-ENHANCEDSTATUSCODES
        S: 250 SIZE 26214400
        C: MAIL FROM:<a@b>
        C: RCPT TO:<b@c>
        C: RCPT TO:<c@d>
        C: DATA
        S: 250 2.1.0 [..]
        S: 250 2.1.5 [..]
        S: 250 2.1.5 [..]
        S: 354 Continue
        C: x: y
        C: .
        S: 250 2.0.0 Delivery in progress
        S: 451 4.2.1 later
        """,
        QuietLMTP,
    )


def test_while_the_house_thinks_nothing_is_read_and_nobody_is_timed_out(server, letters):
    thinking = Deferred()
    letters.validateTo = lambda user: thinking
    assert say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"DATA") == [b"250", b"250"]
    assert server.transport.producerState == "paused"
    CLOCK.advance(10_000)
    assert not server.transport.disconnecting
    server.transport.clear()
    thinking.errback(SMTPServerError(450, "4.2.0 come back"))
    assert server.transport.value().splitlines()[0] == b"450 4.2.0 come back"
    assert server.transport.value().splitlines()[1].startswith(b"554")
    assert server.transport.producerState == "producing"


def test_an_answer_that_comes_after_the_client_has_gone_is_nobodys(server, letters):
    thinking = Deferred()
    letters.validateTo = lambda user: thinking
    say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>")
    server.connectionLost()
    thinking.callback(lambda: None)
    assert not [call for call in CLOCK.getDelayedCalls() if call.active() and call.func == server.timeoutConnection]


def test_a_letter_that_breaks_off_is_lost_and_said_to_be(server, letters):
    say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"DATA", b"half")
    server.connectionLost()
    assert (letters.taken, letters.lost) == ([], 1)


def test_a_silent_client_is_told_and_left_and_one_that_does_not_read_is_cut_off(letters):
    server = QuietESMTP()
    server.makeConnection(StringTransport())
    CLOCK.advance(299)
    assert not server.transport.disconnecting
    CLOCK.advance(2)
    assert server.transport.value().splitlines()[-1].startswith(b"421 4.4.2 mx.example has waited")
    assert server.transport.disconnecting
    CLOCK.advance(301)
    assert server.transport.disconnected


def test_a_letter_that_comes_too_slowly_is_not_waited_for(server, letters):
    server.longestLetter_s = -1
    say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"DATA")
    assert say(server, b"x") == [b"421"]
    assert server.transport.disconnecting


def test_a_letter_without_headers_is_kept_apart_from_ours(server, letters):
    letters.receivedHeader = lambda *_: b"Received: from x\n\tby y"
    say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"DATA", b"no headers", b".")
    assert letters.taken == [(b"b@c", b"Received: from x\n\tby y\n\nno headers")]


def test_who_goes_on_sending_after_the_end_is_cut_off(server):
    server.longestLetter_s = -1
    say(server, b"EHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"DATA", b"x")
    for _ in range(4):
        CLOCK.advance(100)
        server.dataReceived(b"more\r\n")
    assert server.transport.disconnected
