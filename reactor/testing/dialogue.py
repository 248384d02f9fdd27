"""A transcript as the test: what the client says, what the server says, and the protocol has to say the same.

    check_dialogue(Daytime, '''
        S: 220 the time is near
        C: TIME
        S: 211 [..]
        C: QUIT
        S: 221 bye
        S: [closes]
    ''')

Each line begins with who says it, `C: ` or `S: `; empty lines and those that begin with # are for readers. `[..]` is
any text inside a line, `[closes]` the end of the connection; `\\x00` is a byte, and so are `\\r`, `\\n`, `\\t`, `\\0`.
The other side's lines come in three ways, each with a protocol of its own: lines that follow each other in one piece,
each line alone, and byte by byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.testing.transports import StringTransport

CLOSES = "[closes]"


@dataclass(frozen=True)
class Line:
    """One line of a transcript. number: from 1. speaker: "C" or "S". text: as it is written there."""

    number: int
    speaker: str
    text: str

    def data(self, delimiter: bytes) -> bytes:
        """The bytes of it."""
        return _bytes(self.text) + delimiter

    def fits(self, said: bytes) -> bool:
        """Whether this is what was said, given without a delimiter."""
        parts = (re.escape(_bytes(part)) for part in self.text.split("[..]"))
        return re.fullmatch(b".*".join(parts), said, re.DOTALL) is not None


_ESCAPE = re.compile(rb"\\(?:x([0-9a-f]{2})|([0rnt\\]))")
_ESCAPED = {b"0": b"\0", b"r": b"\r", b"n": b"\n", b"t": b"\t", b"\\": b"\\"}


def _bytes(text: str) -> bytes:
    """The UTF-8 of a text, and the bytes of its escapes."""
    return _ESCAPE.sub(lambda m: bytes.fromhex(m[1].decode()) if m[1] else _ESCAPED[m[2]], text.encode("utf-8"))


def read_transcript(text: str) -> list[Line]:
    """The lines of a transcript. Raises ValueError, with the line's number, for one that nobody says."""
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        if words[:2] not in ("C:", "S:") or words[2:3] not in ("", " "):
            raise ValueError(f"line {number} of the transcript: {words!r} begins with neither 'C: ' nor 'S: '")
        lines.append(Line(number, words[0], words[3:]))
    return lines


class _Replay:
    """One run of a transcript against one protocol."""

    def __init__(self, protocol: Any, side: str, delimiter: bytes, transport: Any, clock: Any) -> None:
        self.protocol, self.side, self.delimiter, self.clock = protocol, side, delimiter, clock
        self.transport = transport
        self.taken = 0  # how much of what the protocol said was compared already

    def run(self, lines: list[Line], cut: Callable[[list[bytes]], list[bytes]]) -> None:
        self.protocol.makeConnection(self.transport)
        self._turn()
        said: list[bytes] = []
        for place, line in enumerate(lines):
            if line.speaker == self.side:
                self._hear(line)
                continue
            if not said:
                self._must_be_silent(line)
            if line.text == CLOSES:
                self.protocol.connectionLost(Failure(connectionDone.value))
                return
            said.append(line.data(self.delimiter))
            if place + 1 == len(lines) or lines[place + 1].speaker == self.side or lines[place + 1].text == CLOSES:
                for piece in cut(said):
                    self.protocol.dataReceived(piece)
                    self._turn()
                said = []
        self._must_be_silent(None)
        self.protocol.connectionLost(Failure(connectionDone.value))

    def _turn(self) -> None:
        if self.clock is not None:
            self.clock.advance(0)

    def _unheard(self) -> bytes:
        return self.transport.value()[self.taken :]  # type: ignore[no-any-return]  # bytes, of any transport for tests

    def _hear(self, line: Line) -> None:
        if line.text == CLOSES:
            if not self.transport.disconnecting:
                raise AssertionError(f"line {line.number}: the connection should be closed, and isn't")
            return
        said, delimiter, _ = self._unheard().partition(self.delimiter)
        if not (delimiter and line.fits(said)):
            raise AssertionError(f"line {line.number}: expected {line.text!r}, heard {self._unheard()!r}")
        self.taken += len(said) + len(delimiter)

    def _must_be_silent(self, line: Line | None) -> None:
        if self._unheard():
            where = "the end" if line is None else f"line {line.number}"
            raise AssertionError(f"before {where}: heard {self._unheard()!r}, which the transcript doesn't have")


_CUTS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "in one piece": lambda lines: [b"".join(lines)],
    "line by line": list,
    "byte by byte": lambda lines: [bytes([byte]) for byte in b"".join(lines)],
}


def check_dialogue(
    make: Callable[[], Any],
    transcript: str,
    side: str = "S",
    delimiter: bytes = b"\r\n",
    transport: Callable[[], Any] = StringTransport,
    clock: Any = None,
) -> None:
    """Hold a protocol against a transcript, in each way to cut what the other side says.

    make: called for a fresh protocol, once for each way. side: which side it is, "S" or "C". delimiter: what ends each
    line. transport: called for the transports, for those that need another address, say. clock: advanced by nothing
    after each piece, for protocols that answer in another turn.
    Raises AssertionError with the line of the transcript, what it expects and what was heard; ValueError for a
    transcript that can't be read.
    """
    lines = read_transcript(transcript)
    for way, cut in _CUTS.items():
        try:
            _Replay(make(), side, delimiter, transport(), clock).run(lines, cut)
        except AssertionError as problem:
            raise AssertionError(f"{problem} (when it came {way})") from None
