"""A terminal of the VT100 family, as a server sees it: keys come in, control sequences go out (ECMA-48).

    key = ESC "[" parameters final | ESC "O" final | ESC key (with Alt) | a character, in UTF-8 | a control character

The names of `twisted.conch.insults.insults`, as far as a line editor needs them. What is neither is thrown away, and
a sequence that doesn't end after 20 bytes is no sequence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from reactor.failure import Failure
from reactor.protocol import Protocol, connectionDone

_KEY = re.compile(
    rb"\x1b(?:\[[0-?]{0,16}[ -/]{0,2}[@-~]|O[ -~]|[^\[O\x1b\x80-\xff])|[\x00-\x1a\x1c-\x7f]"
    # UTF-8, and nothing that only looks like it (RFC 3629, section 4)
    rb"|[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]"
    rb"|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}",
    re.DOTALL,
)
_BEGINNING = re.compile(rb"(?:\x1b(?:\[[0-?]{0,16}[ -/]{0,2}|O)?|[\xc2-\xf4][\x80-\xbf]{0,2})\Z")

NORMAL, BOLD, UNDERLINE, BLINK, REVERSE_VIDEO = 0, 1, 4, 5, 7
# The names of keys, and the sequences that they send behind ESC.
_SENDS = (
    "UP_ARROW [A OA, DOWN_ARROW [B OB, RIGHT_ARROW [C OC, LEFT_ARROW [D OD, HOME [H OH [1~, INSERT [2~, DELETE [3~, "
    "END [F OF [4~, PGUP [5~, PGDN [6~, NUMPAD_MIDDLE [E OE, F1 OP [11~, F2 OQ [12~, F3 OR [13~, F4 OS [14~, F5 [15~, "
    "F6 [17~, F7 [18~, F8 [19~, F9 [20~, F10 [21~, F11 [23~, F12 [24~, ALT, SHIFT, CONTROL"
)
_SEQUENCES = {f"[{key.split()[0]}]".encode(): key.encode().split()[1:] for key in _SENDS.split(", ")}
FUNCTION_KEYS = list(_SEQUENCES)


class modes:
    """Modes of ECMA-48. IRM: what is written moves what is behind it, and doesn't overwrite it."""

    KAM, IRM, LNM = 2, 4, 20


class TerminalProtocol:
    """A program at a terminal. terminal: its ServerProtocol."""

    terminal: Any = None
    factory: Any = None

    def makeConnection(self, terminal: Any) -> None:
        """Called once, before all others."""
        self.terminal = terminal
        self.connectionMade()

    def connectionMade(self) -> None:
        """The terminal is there."""

    def keystrokeReceived(self, keyID: bytes, modifier: bytes | None) -> None:
        """A key: a character, a control character, or a name of ServerProtocol's. modifier: ALT, SHIFT or None."""

    def terminalSize(self, width: int, height: int) -> None:
        """The terminal has this size now. Without it, take 80 by 24."""

    def unhandledControlSequence(self, seq: bytes) -> None:
        """A sequence, or a byte, that is no key."""

    def connectionLost(self, reason: Failure) -> None:
        """The terminal is gone."""


def _moving(final: bytes) -> Callable[..., None]:
    def move(self: ServerProtocol, n: int = 1) -> None:
        self.write(b"\x1b[%d%b" % (n, final))

    return move


def _saying(sequence: bytes) -> Callable[[ServerProtocol], None]:
    return lambda self: self.write(b"\x1b" + sequence)


class ServerProtocol(Protocol):
    """A terminal at the other end of a connection that carries each key, such as TelnetBootstrapProtocol.

    protocolFactory: called with what follows it for the program, a TerminalProtocol, when the connection is made.
    terminalProtocol: the program. lastWrite: what it wrote last.
    """

    UP_ARROW, DOWN_ARROW, RIGHT_ARROW, LEFT_ARROW, HOME, INSERT, DELETE, END, PGUP, PGDN = FUNCTION_KEYS[:10]
    NUMPAD_MIDDLE, F1, F2, F3, F4, F5, F6, F7, F8, F9, F10, F11, F12, ALT, SHIFT, CONTROL = FUNCTION_KEYS[10:]
    TAB, BACKSPACE = b"\t", b"\x7f"
    KEYS: ClassVar = {sequence: key for key, sequences in _SEQUENCES.items() for sequence in sequences}
    protocolFactory: Callable[..., Any] | None = None
    terminalProtocol: Any = None
    lastWrite = b""
    _kept = b""

    def __init__(self, protocolFactory: Callable[..., Any] | None = None, *a: Any, **kw: Any) -> None:
        self.protocolFactory = protocolFactory or self.protocolFactory
        self.protocolArgs, self.protocolKwArgs = a, kw

    def connectionMade(self) -> None:
        """Make the program, and introduce it."""
        if self.protocolFactory is not None:
            self.terminalProtocol = self.protocolFactory(*self.protocolArgs, **self.protocolKwArgs)
            self.terminalProtocol.factory = self.factory
            self.terminalProtocol.makeConnection(self)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        program, self.terminalProtocol = self.terminalProtocol, None
        if program is not None:
            program.connectionLost(reason)

    def dataReceived(self, data: bytes) -> None:
        """Pass on each key, until one of them closes the connection."""
        data, self._kept, place = self._kept + data, b"", 0
        while place < len(data) and not self.transport.disconnecting:
            match = _KEY.match(data, place)
            if match is not None:
                self._pressed(match[0])
            elif _BEGINNING.match(data, place):
                self._kept = data[place:]
                return
            else:
                self.terminalProtocol.unhandledControlSequence(data[place : place + 1])
            place = match.end() if match is not None else place + 1

    def _pressed(self, key: bytes) -> None:
        if key[:1] != b"\x1b":
            self.terminalProtocol.keystrokeReceived(key, None)
        elif key == b"\x1b[Z":
            self.terminalProtocol.keystrokeReceived(self.TAB, self.SHIFT)
        elif key[1:] in self.KEYS:
            self.terminalProtocol.keystrokeReceived(self.KEYS[key[1:]], None)
        elif len(key) == 2:
            self.terminalProtocol.keystrokeReceived(key[1:], self.ALT)
        else:
            self.terminalProtocol.unhandledControlSequence(key)

    # --- for the program

    cursorUp, cursorDown, cursorForward, cursorBackward = (_moving(final) for final in (b"A", b"B", b"C", b"D"))
    deleteCharacter, insertLine, deleteLine = (_moving(final) for final in (b"P", b"L", b"M"))
    eraseToLineEnd, eraseToLineBeginning, eraseLine = (_saying(how) for how in (b"[K", b"[1K", b"[2K"))
    eraseToDisplayEnd, eraseToDisplayBeginning, eraseDisplay = (_saying(how) for how in (b"[J", b"[1J", b"[2J"))
    cursorHome, saveCursor, restoreCursor, reset = (_saying(how) for how in (b"[H", b"7", b"8", b"c"))

    def cursorPosition(self, column: int, line: int) -> None:
        """Go there; counted from 0."""
        self.write(b"\x1b[%d;%dH" % (line + 1, column + 1))

    def nextLine(self) -> None:
        """Go to the beginning of the next line."""
        self.write(b"\n")

    def setModes(self, modes: Iterable[int]) -> None:
        """Turn these on."""
        self.write(b"\x1b[" + b";".join(b"%d" % mode for mode in modes) + b"h")

    def resetModes(self, modes: Iterable[int]) -> None:
        """Turn these off."""
        self.write(b"\x1b[" + b";".join(b"%d" % mode for mode in modes) + b"l")

    def selectGraphicRendition(self, *attributes: int | str) -> None:
        """What is written now looks so: BOLD, REVERSE_VIDEO …, or a number of ECMA-48."""
        self.write(b"\x1b[" + b";".join(b"%d" % int(attribute) for attribute in attributes) + b"m")

    def write(self, data: bytes | str) -> None:
        """Write at the cursor. Lines end with LF, or CR LF."""
        if data:
            self.lastWrite = data.encode("utf-8", "backslashreplace") if isinstance(data, str) else data
            self.transport.write(self.lastWrite.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Write these, one after the other."""
        self.write(b"".join(data))

    def loseConnection(self) -> None:
        """Leave the terminal as it was, and close."""
        self.reset()
        self.transport.loseConnection()
