"""Keys and control sequences, however they are cut."""

import random

import pytest

from reactor.conch.insults.insults import BOLD, REVERSE_VIDEO, ServerProtocol, TerminalProtocol, modes
from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.testing import StringTransport
from tests.support import oracle
from tests.support.framing import cuts, random_pieces

S = ServerProtocol


class Noting(TerminalProtocol):
    def __init__(self):
        self.heard = []

    def keystrokeReceived(self, keyID, modifier):
        self.heard.append(keyID if modifier is None else (keyID, modifier))
        if keyID == b"q":
            self.terminal.loseConnection()

    def unhandledControlSequence(self, seq):
        self.heard.append(["?", seq])

    def connectionLost(self, reason):
        self.heard.append("lost")


def terminal():
    server = ServerProtocol(Noting)
    server.makeConnection(StringTransport())
    return server


def pressed(pieces):
    server = terminal()
    for piece in pieces:
        server.dataReceived(piece)
    return server.terminalProtocol.heard


@pytest.mark.parametrize(
    "data, keys",
    [
        (b"ab\r\x03\x7f", [b"a", b"b", b"\r", b"\x03", S.BACKSPACE]),
        ("é好🙂".encode(), ["é".encode(), "好".encode(), "🙂".encode()]),
        (
            b"\x1b[A\x1bOA\x1b[D\x1b[H\x1b[1~\x1b[F\x1b[4~",
            [S.UP_ARROW] * 2 + [S.LEFT_ARROW] + [S.HOME] * 2 + [S.END] * 2,
        ),
        (
            b"\x1b[2~\x1b[3~\x1b[5~\x1b[6~\x1bOP\x1b[15~\x1b[24~",
            [S.INSERT, S.DELETE, S.PGUP, S.PGDN, S.F1, S.F5, S.F12],
        ),
        (b"\x1bx\x1b[Z", [(b"x", S.ALT), (S.TAB, S.SHIFT)]),
        (b"\x1b[1;5C.\x1bOz.", [["?", b"\x1b[1;5C"], b".", ["?", b"\x1bOz"], b"."]),
    ],
)
def test_keys_are_known_by_what_they_send(data, keys):
    for pieces in cuts(data):
        assert pressed(pieces) == keys, pieces


def test_what_is_no_key_harms_nobody():
    assert pressed([b"\xff\x80a\xc3b"]) == [["?", b"\xff"], ["?", b"\x80"], b"a", ["?", b"\xc3"], b"b"]
    endless = pressed([b"\x1b[", *[b"1"] * 1000, b"a"])
    assert endless[0] == ["?", b"\x1b"] and len(endless) < 1010


@pytest.mark.parametrize("seed", range(30))
def test_nonsense_is_read_the_same_however_it_is_cut(seed):
    dice = random.Random(seed)
    data = bytes(dice.choices([*b"\x1b\x1b[[OA1;~a\r", 0xC3, 0xA9, 0xF0, 0x9F, 0xFF], k=200))
    whole = pressed([data])
    assert pressed(data[i : i + 1] for i in range(len(data))) == whole
    assert pressed(random_pieces(data, dice)) == whole


def test_no_key_is_passed_on_after_the_one_that_closed():
    assert pressed([b"aqb", b"c"]) == [b"a", b"q"]


def test_control_sequences_are_those_of_twisted():
    if oracle.installed():
        pytest.skip("that would be Twisted beside itself")
    theirs = pytest.importorskip("twisted.conch.insults.insults")
    calls = [("cursorUp",), ("cursorForward", 3), ("cursorBackward", 2), ("cursorDown", 4), ("cursorHome",)]
    calls += [("cursorPosition", 4, 7), ("nextLine",), ("saveCursor",), ("restoreCursor",), ("reset",)]
    erasing = ("Line", "ToLineEnd", "ToLineBeginning", "Display", "ToDisplayEnd", "ToDisplayBeginning")
    calls += [(f"erase{what}",) for what in erasing]
    calls += [("deleteCharacter",), ("deleteCharacter", 2), ("insertLine", 2), ("deleteLine",)]
    calls += [("setModes", [modes.IRM]), ("resetModes", [modes.IRM, modes.LNM]), ("write", b"a\nb")]
    calls += [("loseConnection",)]
    written = []
    for make in (ServerProtocol, theirs.ServerProtocol):
        server = make()
        server.makeConnection(StringTransport())
        for name, *args in calls:
            getattr(server, name)(*args)
        written.append(server.transport.value())
        assert server.transport.disconnecting
    assert written[0] == written[1]


def test_attributes_and_text_are_written():
    server = terminal()
    server.selectGraphicRendition(BOLD, REVERSE_VIDEO, "31")
    server.writeSequence([b"a\n", b"b\r\n"])
    server.write("é\ud800")
    assert server.transport.value() == b"\x1b[1;7;31ma\r\nb\r\n\xc3\xa9\\ud800"
    assert server.lastWrite == b"\xc3\xa9\\ud800"


def test_the_program_learns_of_the_end():
    server = terminal()
    program = server.terminalProtocol
    server.connectionLost(Failure(ConnectionDone()))
    assert program.heard == ["lost"] and server.terminalProtocol is None
