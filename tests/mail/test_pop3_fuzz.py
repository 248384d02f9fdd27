"""Nonsense for both sides of POP3, from a seed: nothing is raised, the cuts don't matter, and the bounds hold.

A failure names its seed: `pytest tests/mail/test_pop3_fuzz.py -k "seed-SIDE"` shows it again.
"""

import random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's POP3 raises much", allow_module_level=True)

from reactor.failure import Failure
from reactor.mail.maildrop import wire_size
from reactor.mail.pop3 import POP3Error
from reactor.mail.pop3.wire import TopOfFile, challenge_of, read_command, read_number, read_response
from reactor.protocols.basic import DottedText, DottedWriter
from reactor.testing import StringTransport
from tests.mail import test_pop3_client as client_side
from tests.mail.pop3_doubles import House
from tests.support.framing import noise, random_pieces

COMMANDS = [
    b"USER alice\r\n",
    b"PASS a secret\r\n",
    b"AUTH PLAIN AGFsaWNlAGEgc2VjcmV0\r\n",
    b"AUTH PLAIN\r\n",
    b"AUTH CRAM-MD5\r\n",
    b"*\r\n",
    b"CAPA\r\n",
    b"STAT\r\n",
    b"LIST\r\n",
    b"LIST 2\r\n",
    b"UIDL\r\n",
    b"RETR 1\r\n",
    b"TOP 2 1\r\n",
    b"DELE 1\r\n",
    b"RSET\r\n",
    b"NOOP\r\n",
    b"QUIT\r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b" ",
    b"x" * 300,
]
ANSWERS = [
    b"+OK\r\n",
    b"+OK 2 300\r\n",
    b"-ERR [IN-USE] no\r\n",
    b"-ERR [\r\n",
    b"+ YWJj\r\n",
    b"+\r\n",
    b".\r\n",
    b"..\r\n",
    b"1 10\r\n",
    b"2 uid\r\n",
    b"99999999999 1\r\n",
    b"\r\n",
    b"\n",
    b"SASL PLAIN\r\n",
    b"PIPELINING\r\n",
    b"\xff\0",
]


def said_by_server(pieces):
    """What a server says to these pieces, and whether it closes."""
    talk, said = House().open(), b""
    for piece in pieces:
        if talk.transport.disconnecting:
            break
        talk.session.dataReceived(piece)
        said += talk.hear()
    talk.hang_up()
    return said, talk.transport.disconnecting


@pytest.mark.parametrize("seed", range(60), ids=lambda seed: f"{seed}-server")
def test_a_server_answers_nonsense_the_same_however_it_is_cut(seed, logged_errors, monkeypatch):
    monkeypatch.setattr("reactor.sasl.mechanisms.CramMD5Credentials", FixedChallenge)
    pieces = noise(seed, COMMANDS, 80)
    stream = b"".join(pieces)
    whole = said_by_server([stream])
    assert whole == said_by_server(pieces) == said_by_server([stream[i : i + 1] for i in range(len(stream))])
    assert logged_errors.flush(Exception) == []


class FixedChallenge:
    def __new__(cls, host):
        from reactor.cred.credentials import CramMD5Credentials

        credentials = CramMD5Credentials(host)
        credentials.challenge = b"<1.2@here>"
        return credentials


@pytest.mark.parametrize("seed", range(60), ids=lambda seed: f"{seed}-client")
def test_a_client_survives_nonsense_and_whoever_waits_is_told(seed, logged_errors):
    dice = random.Random(seed)
    talk = client_side.Talk(greeting=b"+OK")
    found = []
    for _ in range(6):
        ask = dice.choice(
            [
                lambda: talk.client.capabilities(),
                lambda: talk.client.stat(),
                lambda: talk.client.listSize(),
                lambda: talk.client.listUID(),
                lambda: talk.client.retrieve(0),
                lambda: talk.client.login(b"alice", b"secret"),
            ]
        )
        ask().addBoth(found.append)
    for piece in noise(seed, ANSWERS, 60):
        if talk.transport.disconnecting:
            break
        talk.client.dataReceived(piece)
    talk.close()
    assert len(found) == 6 and not talk.clock.getDelayedCalls()
    for outcome in found:
        if isinstance(outcome, Failure):
            assert not outcome.check(TypeError, AttributeError, AssertionError), outcome


@pytest.mark.parametrize("read", [read_command, read_number, read_response])
def test_a_line_is_read_or_refused_by_the_one_error_of_the_wire(read):
    dice = random.Random(5)
    alphabet = [b"+OK", b"-ERR", b" ", b"[", b"]", b"RETR", b"1", b"\0", b"\xff", b"\t", b"-"]
    for _ in range(5000):
        line = b"".join(dice.choices(alphabet, k=dice.randrange(8)))
        try:
            read(line)
        except POP3Error as problem:
            assert str(problem)


def test_a_challenge_is_searched_for_in_linear_time():
    import time

    for greeting in (b"<" * 16_000, b"<a@" * 5000, b"<" + b"a@" * 8000, b"<" + b"a" * 16_000):
        start = time.process_time()
        challenge_of(greeting)
        assert time.process_time() - start < 0.5


def test_a_size_is_that_of_what_is_sent_for_any_text():
    dice = random.Random(6)
    for _ in range(3000):
        text = b"".join(dice.choices([b"\r\n", b"\n", b"\r", b".", b"a"], k=dice.randrange(1, 20)))
        transport, read = StringTransport(), DottedText()
        writer = DottedWriter(transport)
        for piece in random_pieces(text, dice, 5):
            writer.write(piece)
        writer.finish()
        sent = read.feed(transport.value())
        assert read.is_over and len(sent) == wire_size(text)


def test_TOP_is_the_beginning_of_RETR_for_any_text_and_any_pieces():
    import io

    dice = random.Random(7)
    for _ in range(2000):
        text = b"".join(dice.choices([b"\r\n", b"\n", b"a: b", b"x"], k=dice.randrange(20)))
        count, size = dice.randrange(4), dice.randrange(2, 8)
        top, got = TopOfFile(io.BytesIO(text), count), b""
        while piece := top.read(size):
            got += piece
        assert text.startswith(got) and got == expected_top(text, count)


def expected_top(text, count):
    """The same by the book: lines up to the first empty one, and so many more."""
    got, in_headers = b"", True
    for line in text.splitlines(keepends=True):
        if not in_headers and not count:
            break
        count -= not in_headers
        got += line
        in_headers = in_headers and line not in (b"\n", b"\r\n")
    return got
