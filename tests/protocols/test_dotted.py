"""Text that ends with a dot alone on its line."""

import random

import pytest

from reactor.testing import StringTransport
from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted has no dotted text of its own", allow_module_level=True)

from reactor.protocols.basic import DottedReceiver, DottedText, DottedWriter

CASES = {
    b".\r\n": b"",
    b"a\r\n.\r\n": b"a\r\n",
    b"..\r\n.\r\n": b".\r\n",
    b"...\r\n..a\r\n.b\r\n.\r\n": b"..\r\n.a\r\nb\r\n",
    b"\r\n\r\n.\r\n": b"\r\n\r\n",
    b"a.\r\n.\r\n": b"a.\r\n",
    b"..\r\n..\r\n.\r\n": b".\r\n.\r\n",
}
# What only careless readers take for the end.
NO_ENDS = [
    b"\n.\n",
    b"\r.\r",
    b"\n.\r\n",
    b"\r\n.\n",
    b"\r\n.\r",
    b"\r.\r\n",
    b"\r\n\0.\r\n",
    b"\r\n.\0\r\n",
    b"\r\n.\r\r\n",
]


def whole(data):
    text = DottedText()
    return text.feed(data), text


def in_pieces(data, sizes):
    text, found = DottedText(), b""
    while data and not text.is_over:
        size = next(sizes)
        found += text.feed(data[:size])
        data = data[size:]
    return found, text


@pytest.mark.parametrize("rest", [b"", b"QUIT\r\n", b".\r\n", b"."])
@pytest.mark.parametrize("data", CASES)
def test_a_text_ends_at_the_lone_dot_and_what_follows_is_kept(data, rest):
    found, text = whole(data + rest)
    assert (found, text.is_over, text.rest, text.bare) == (CASES[data], True, rest, 0)


@pytest.mark.parametrize("data", CASES)
def test_a_text_is_the_same_byte_by_byte(data):
    found, text = in_pieces(data, iter(lambda: 1, 0))
    assert (found, text.is_over, text.bare) == (CASES[data], True, 0)


@pytest.mark.parametrize("fake", NO_ENDS)
def test_only_CRLF_dot_CRLF_ends_a_text_and_bare_ends_of_lines_are_counted(fake):
    data = b"a" + fake + b"MAIL FROM:<smuggled>\r\n.\r\n"
    for found, text in (whole(data), in_pieces(data, iter(lambda: 1, 0))):
        assert text.is_over and text.rest == b""
        assert b"smuggled" in found
        assert text.bare > 0 or b"\0" in fake


def test_a_text_is_the_same_however_it_is_cut():
    randoms = random.Random(7)
    for _ in range(3000):
        data = bytes(randoms.choice(b"\r\n.a") for _ in range(randoms.randrange(40))) + b"\r\n.\r\n"
        expected = whole(data)
        got = in_pieces(data, iter(lambda: randoms.randint(1, 4), 0))
        assert (got[0], got[1].bare) == (expected[0], expected[1].bare), data
        assert got[1].is_over


def test_an_endless_text_keeps_four_bytes_at_most():
    randoms, text = random.Random(8), DottedText()
    for _ in range(2000):
        text.feed(bytes(randoms.choice(b"\r\na") for _ in range(50)) + b"x\r\n..\r")
        assert len(text._held) <= 4 and not text.is_over


def test_a_text_that_is_over_takes_no_more():
    _, text = whole(b".\r\n")
    with pytest.raises(ValueError, match="the text is over: b'x' is no part of it"):
        text.feed(b"x")


def written(*pieces):
    transport = StringTransport()
    writer = DottedWriter(transport)
    for piece in pieces:
        writer.write(piece)
    writer.finish()
    return transport.value()


@pytest.mark.parametrize(
    "text, sent",
    [
        (b"", b".\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b"a\r\n", b"a\r\n.\r\n"),
        (b".", b"..\r\n.\r\n"),
        (b".\n.\n..\n", b"..\r\n..\r\n...\r\n.\r\n"),
        (b"a\rb\nc\r\nd\r", b"a\r\nb\r\nc\r\nd\r\n.\r\n"),
        (b"a.\n", b"a.\r\n.\r\n"),
    ],
)
def test_what_is_sent_has_dots_doubled_and_CRLF_only(text, sent):
    assert written(text) == written(*(bytes([byte]) for byte in text)) == sent


def test_what_was_written_is_what_is_read():
    randoms = random.Random(9)
    for _ in range(2000):
        text = b"".join(randoms.choice([b"\r\n", b".", b"a", b"\r\n."]) for _ in range(randoms.randrange(20)))
        sent = written(*(text[place : place + 3] for place in range(0, len(text), 3)))
        found, reader = whole(sent)
        assert reader.is_over and reader.bare == 0
        assert found == (text if text.endswith(b"\r\n") or not text else text + b"\r\n")


def test_a_writer_is_a_consumer():
    transport, producer = StringTransport(), object()
    writer = DottedWriter(transport)
    writer.registerProducer(producer, True)
    assert (transport.producer, transport.streaming) == (producer, True)
    writer.unregisterProducer()
    assert transport.producer is None


class Letters(DottedReceiver):
    def __init__(self):
        self.lines, self.texts = [], [b""]

    def lineReceived(self, line):
        self.lines.append(line)
        if line == b"DATA":
            self.beginText()

    def textReceived(self, data):
        self.texts[-1] += data

    def textEnded(self, bare):
        self.texts.append(b"")
        self.lines.append(b"bare %d" % bare)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_receiver_has_lines_then_a_text_then_lines(size):
    letters = Letters()
    letters.makeConnection(StringTransport())
    data = b"HELO\r\nDATA\r\n..\r\n.\r\nDATA\r\na\nb\r\n.\r\nQUIT\r\n"
    for place in range(0, len(data), size):
        letters.dataReceived(data[place : place + size])
    assert letters.lines == [b"HELO", b"DATA", b"bare 0", b"DATA", b"bare 1", b"QUIT"]
    assert letters.texts == [b".\r\n", b"a\nb\r\n", b""]
