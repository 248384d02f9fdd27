"""Nonsense for SMTP, from seeds: grammar raises its one error, and the conversations end or go on, and never break."""

import contextlib
from random import Random

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's errors are others", allow_module_level=True)

from reactor.mail.smtp import Address, AddressError, SMTPServerError, quoteaddr
from reactor.mail.smtp.commands import read_chunk, read_command, read_path
from reactor.testing import StringTransport
from tests.mail.clients import New, letter
from tests.mail.conftest import Letters
from tests.mail.servers import QuietESMTP, QuietLMTP

WORDS = [
    b"EHLO c", b"HELO c", b"LHLO c", b"MAIL FROM:<a@b>", b"RCPT TO:<b@c>", b"DATA", b".", b"BDAT 5", b"BDAT 3 LAST",
    b"RSET", b"NOOP", b"VRFY x", b"AUTH PLAIN", b"*", b"STARTTLS", b"\r\n", b"\r\n", b"\r\n", b"\r", b"\n", b"\0",
    b"<", b">", b"@", b'"', b"\\", b":", b" ", b"SIZE=1", b"BODY=8BITMIME", b"x" * 100, b"\xc3\xa4", b"\xff", b"..",
]  # fmt: skip
REPLIES = [
    b"220 hi\r\n", b"250 ok\r\n", b"250-SIZE 5\r\n", b"250-PIPELINING\r\n", b"250-STARTTLS\r\n", b"250-AUTH PLAIN\r\n",
    b"354 go\r\n", b"334 \r\n", b"421 bye\r\n", b"550 no\r\n", b"25", b"0 -", b"\r\n", b"\r", b"\n", b"\0", b"\xff",
]  # fmt: skip


def nonsense(dice, words, most=40):
    return b"".join(dice.choice(words) for _ in range(dice.randint(1, most)))


def pieces(dice, data):
    while data:
        size = dice.choice([1, 2, 7, 100, 10_000])
        yield data[:size]
        data = data[size:]


@pytest.mark.parametrize("portion", range(4))
def test_the_grammar_raises_its_one_error(portion):
    for seed in range(portion, 2000, 4):
        text = nonsense(Random(seed), WORDS, 12)
        for read in (read_command, read_chunk, lambda it: read_path(b"MAIL", it, True)):
            with contextlib.suppress(SMTPServerError):
                read(text)
        with contextlib.suppress(AddressError):
            address = Address(text)
            assert Address(bytes(address) or b"<>") == address  # what is written can be read again
        with contextlib.suppress(AddressError):
            assert not set(b"\r\n\0") & set(quoteaddr(text))


@pytest.mark.parametrize("kind", [QuietESMTP, QuietLMTP])
def test_a_server_answers_nonsense_line_by_line_or_ends(kind, logged_errors):
    for seed in range(400):
        dice, letters = Random(seed), Letters()
        server = kind()
        server.delivery = letters
        server.makeConnection(StringTransport())
        for piece in pieces(dice, nonsense(dice, WORDS, 80)):
            if not server.transport.disconnecting:
                server.dataReceived(piece)
        server.connectionLost()
        said = server.transport.value()
        assert all(line[:3].isdigit() and line[3:4] in (b" ", b"-") for line in said.split(b"\r\n")[:-1]), seed
        assert all(b"\r" not in text for _, text in letters.taken), seed


def test_a_client_survives_nonsense_and_always_ends(logged_errors):
    for seed in range(400):
        dice = Random(seed)
        client = New(letter(), identity=b"me")
        client.makeConnection(StringTransport())
        for piece in pieces(dice, b"220 hi\r\n" * (seed % 2) + nonsense(dice, REPLIES, 30)):
            if not client.transport.disconnecting:
                client.dataReceived(piece)
        client.connectionLost()
        assert len(client.errors) + len(client.sent) <= 3, seed
