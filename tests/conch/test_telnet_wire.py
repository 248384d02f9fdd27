"""The bytes of telnet, however they are cut; nonsense; and what Twisted reads in the same bytes."""

import random

import pytest

from reactor.conch.telnet import AO, DO, IAC, NAWS, NOP, SB, SE, TTYPE, WILL
from reactor.conch.telnet.wire import TEXT, Reader, SubnegotiationTooLong, written
from tests.support import oracle
from tests.support.framing import cuts, random_pieces


def read(pieces, longest=100, binary=False):
    """What a reader finds in these pieces, with text that follows text joined."""
    reader, found = Reader(longest), []
    reader.binary = binary
    for piece in pieces:
        for kind, argument in reader.feed(piece):
            assert kind != TEXT or argument, "no text is no news"
            if kind == TEXT and found and found[-1][0] == TEXT:
                argument = found.pop()[1] + argument
            found.append((kind, argument))
    return found


@pytest.mark.parametrize(
    "stream, found",
    [
        (b"soup", [(TEXT, b"soup")]),
        (b"a" + IAC + IAC + b"b" + IAC + IAC + IAC + IAC, [(TEXT, b"a\xffb\xff\xff")]),
        (b"a\r\nb\r\0c\rd\n", [(TEXT, b"a\nb\rc\rd\n")]),
        (b"a\r" + IAC + NOP + b"\nb", [(TEXT, b"a\r"), (NOP, None), (TEXT, b"\nb")]),
        (IAC + WILL + NAWS + b"x", [(WILL, NAWS), (TEXT, b"x")]),
        (IAC + DO + IAC + b"x", [(DO, IAC), (TEXT, b"x")]),
        (b"a" + IAC + AO + IAC + b"\x05b", [(TEXT, b"a"), (AO, None), (b"\x05", None), (TEXT, b"b")]),
        (
            IAC + SB + NAWS + b"\0" + IAC + IAC + b"\0\r\n" + IAC + SE + b"x",
            [(SB, NAWS + b"\0\xff\0\r\n"), (TEXT, b"x")],
        ),
        (IAC + SB + IAC + SE + IAC + SE, [(SB, b""), (SE, None)]),
        (IAC + SB + TTYPE + IAC + b"x" + IAC + SE, [(SB, TTYPE + b"x")]),
    ],
)
def test_text_and_commands_are_told_apart_however_they_are_cut(stream, found):
    for pieces in cuts(stream):
        assert read(pieces) == found, pieces


def test_a_cr_at_the_end_of_a_piece_waits_for_what_it_means():
    assert read([b"a\r"]) == [(TEXT, b"a")]
    assert read([b"a\r", b"\n"]) == [(TEXT, b"a\n")]
    assert read([b"a\r", b"\r", b"\0"]) == [(TEXT, b"a\r\r")]


def test_binary_text_is_only_bytes():
    for pieces in cuts(b"a\r\n\r\0\r" + IAC + IAC):
        assert read(pieces, binary=True) == [(TEXT, b"a\r\n\r\0\r\xff")]


def test_an_endless_subnegotiation_is_refused_at_the_bound():
    assert read([IAC + SB + b"x" * 100 + IAC + SE])[0][1] == b"x" * 100
    for endless in (b"x" * 101, (IAC + IAC) * 101, (IAC + b"x") * 101):
        for pieces in ([IAC + SB + endless], [IAC + SB, *(endless[i : i + 1] for i in range(len(endless)))]):
            with pytest.raises(SubnegotiationTooLong, match="more than 100 bytes about an option"):
                read(pieces)


@pytest.mark.parametrize(
    "text, sent",
    [
        (b"a\nb", b"a\r\nb"),
        (b"a\r\nb", b"a\r\nb"),
        (b"50%\r60%", b"50%\r\x0060%"),
        (b"\xff\n\xff", b"\xff\xff\r\n\xff\xff"),
        (b"\r\r\n", b"\r\0\r\n"),
    ],
)
def test_what_is_written_is_read_again(text, sent):
    assert written(text) == sent
    for pieces in cuts(sent):
        assert read(pieces) == [(TEXT, text.replace(b"\r\n", b"\n"))]
    assert written(text, binary=True) == text.replace(b"\xff", b"\xff\xff")


@pytest.mark.parametrize("seed", range(30))
def test_any_bytes_come_through(seed):
    dice = random.Random(seed)
    text = bytes(dice.choices([*b"\r\n\0a\xff\xfa\xf0", 255, 255, 13], k=300))
    assert read(random_pieces(written(text, binary=True), dice), binary=True) == [(TEXT, text)]
    assert read(random_pieces(written(text), dice)) == [(TEXT, text.replace(b"\r\n", b"\n"))]


NONSENSE = [*b"\xff\xff\xff\xfa\xf0\xfb\xfc\xfd\xfe\xf1\r\n\0ab\x1f"]


@pytest.mark.parametrize("seed", range(40))
def test_nonsense_is_read_the_same_however_it_is_cut(seed):
    dice = random.Random(seed)
    stream = bytes(dice.choices(NONSENSE, k=400))

    def outcome(pieces):
        try:
            return read(pieces, longest=30)
        except SubnegotiationTooLong:
            return "too long"

    whole = outcome([stream])
    assert outcome([stream[i : i + 1] for i in range(len(stream))]) == whole
    assert outcome(random_pieces(stream, dice)) == whole


@pytest.mark.parametrize("seed", range(20))
def test_twisted_reads_the_same(seed):
    if oracle.installed():
        pytest.skip("that would be Twisted beside itself")
    telnet = pytest.importorskip("twisted.conch.telnet")
    dice = random.Random(seed)
    about = IAC + SB + b"x\r\n" + IAC * 3 + SE
    parts = [b"a", b"\r\n", b"\r\0", IAC + IAC, b"\r" + IAC + IAC, IAC + NOP, IAC + WILL + NAWS, about]
    stream = b"".join(dice.choices(parts, k=100)) + b"."
    found = []

    class Theirs(telnet.Telnet):
        def applicationDataReceived(self, data):
            if found and found[-1][0] == TEXT:
                data = found.pop()[1] + data
            found.append((TEXT, data))

        def commandReceived(self, command, argument):
            found.append((command, argument))

        def negotiate(self, data):
            found.append((SB, b"".join(data)))

    theirs = Theirs()
    for piece in random_pieces(stream, dice):
        theirs.dataReceived(piece)
    assert read([stream]) == found
