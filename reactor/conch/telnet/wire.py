"""The bytes of telnet (RFC 854, 855): text, with commands in it.

    connection = *( text | IAC command )
    text       = any byte; 255 is sent as IAC IAC; a line ends with CR LF, and a CR that ends none is CR NUL
    command    = ( WILL | WONT | DO | DONT ) option | SB option *( any | IAC IAC ) IAC SE | any other byte

A command may stand anywhere, and any of this may be cut anywhere. What can't be understood yet is kept: two bytes at
most, and what comes between SB and SE, which is why that has a bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reactor.conch.telnet.codes import CR, DO, DONT, IAC, LF, NULL, SB, SE, WILL, WONT
from reactor.conch.telnet.interfaces import TelnetError

_UP_TO_A_COMMAND = re.compile(rb"[^\xff]*+(?:\xff\xff[^\xff]*+)*+", re.DOTALL)
TEXT = b""


class SubnegotiationTooLong(TelnetError):
    """More bytes about an option than anybody has to say."""


def written(text: bytes, binary: bool = False) -> bytes:
    """Text as it is sent. binary: the ends of its lines are only bytes."""
    text = text.replace(IAC, IAC + IAC)
    if binary:
        return text
    if CR in text:
        text = text.replace(CR + LF, LF).replace(CR, CR + NULL)
    return text.replace(LF, CR + LF)


class Reader:
    """Reads what comes from one peer. longest: bytes of a subnegotiation. binary: it sends text as it is."""

    def __init__(self, longest: int) -> None:
        self.longest, self.binary = longest, False
        self._kept = b""
        self._about: bytearray | None = None  # between SB and SE: what has come

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes | None]]:
        """What came, in order: (TEXT, text), (WILL or its like, option), (SB, option and payload), (command, None).

        Take all of it before the next call. Text has LF for the ends of lines. Raises SubnegotiationTooLong.
        """
        data, self._kept, place = self._kept + data, b"", 0
        while place < len(data):
            match = _UP_TO_A_COMMAND.match(data, place)
            assert match is not None, "it matches nothing, too"
            run, place = match[0], match.end()
            command = data[place : place + 3]  # or nothing, at the end
            if self._about is not None:
                self._keep_about(run)
            else:
                if not command and run[-1:] == CR and not self.binary:
                    run, self._kept = run[:-1], CR
                if run:
                    yield TEXT, self._text(run)
            word, length = command[1:2], 3 if self._about is None and command[1:2] in (WILL, WONT, DO, DONT) else 2
            if len(command) < length:
                self._kept += command
                return
            place += length
            if self._about is None:
                if word == SB:
                    self._about = bytearray()
                else:
                    yield word, command[2:] if length == 3 else None
            elif word == SE:
                about, self._about = bytes(self._about), None
                yield SB, about
            else:
                self._keep_about(word)

    def _text(self, run: bytes) -> bytes:
        run = run.replace(IAC + IAC, IAC)
        return run if self.binary else run.replace(CR + LF, LF).replace(CR + NULL, CR)

    def _keep_about(self, run: bytes) -> None:
        assert self._about is not None
        self._about += run.replace(IAC + IAC, IAC)
        if len(self._about) > self.longest:
            raise SubnegotiationTooLong(f"more than {self.longest} bytes about an option; is there an end?")
