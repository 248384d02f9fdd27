"""What POP3 says (RFC 1939, RFC 2449): commands, responses, and how much of a letter TOP shows. No connection here.

command  = word *( SP argument ) CRLF                                             at most 255 bytes with its CRLF
response = ( "+OK" / "-ERR" ) [ SP [ "[" code "]" SP ] text ] CRLF                at most 512
"""

from __future__ import annotations

import re
from typing import IO, NamedTuple

_COMMAND = re.compile(rb"[A-Za-z0-9]{1,16}\Z")  # RFC 1939 has words of 3 or 4
_CODE = re.compile(rb"\[([^\[\]\r\n]{1,80})\] ?")
_CHALLENGE = re.compile(rb"<[!-;=?A-~]+@[!-;=?A-~]+>")  # RFC 5322's msg-id, in printable ASCII
_LONGEST_READ = 2**14  # bytes of a header in memory at a time


class POP3Error(Exception):
    """What a peer says is no POP3. The text is for it."""


class NoSuchMessage(POP3Error):
    """It is, but asks for a message that isn't there."""


def one_line(message: bytes | str) -> bytes:
    """What goes into a line. Raises ValueError for what would be two."""
    text = message if isinstance(message, bytes) else message.encode("utf-8")
    if any(mark in text for mark in (b"\r", b"\n", b"\0")):
        raise ValueError(f"a line of POP3 has no CR, LF or NUL in it, unlike {text[:80]!r}")
    return text


def read_command(line: bytes) -> tuple[str, bytes]:
    """The word of a command, upper-cased, and what is behind it. Raises POP3Error for a line that has no word."""
    word, _, rest = line.partition(b" ")
    if not _COMMAND.match(word):
        raise POP3Error(f"a command begins with a word, not with {word[:20]!r}")
    return word.decode("ascii").upper(), rest


def read_number(argument: bytes) -> int:
    """A number in ASCII digits. Raises POP3Error for anything else, also for what Python would take for one."""
    if not (argument.isdigit() and len(argument) <= 10):
        raise POP3Error(f"{argument[:20]!r} is no number")
    return int(argument)


class Response(NamedTuple):
    """The first line of a response. isOK: whether it is +OK. code: what stands in brackets, or b"". text: the rest."""

    isOK: bool
    code: bytes
    text: bytes


def read_response(line: bytes) -> Response:
    """Read one. Raises POP3Error for a line that is none."""
    status, _, text = line.partition(b" ")
    if status not in (b"+OK", b"-ERR"):
        raise POP3Error(f"a response begins with +OK or -ERR, unlike {line[:80]!r}")
    code = _CODE.match(text)
    return Response(status == b"+OK", code[1].upper() if code else b"", text[code.end() :] if code else text)


def challenge_of(greeting: bytes) -> bytes | None:
    """What APOP is to be computed from: a message id, and nothing that only looks like one.

    A server that may choose other bytes can find out the first letters of a password (CVE-2007-1558).
    """
    found = _CHALLENGE.search(greeting)
    return found[0] if found else None


def has_utf8_headers(file: IO[bytes]) -> bool:
    """Whether the headers of a letter have more than ASCII in them (RFC 6532). The file is at its start afterwards."""
    line = file.readline(_LONGEST_READ)
    while line.isascii() and line not in (b"", b"\n", b"\r\n"):
        line = file.readline(_LONGEST_READ)
    file.seek(0)
    return not line.isascii()


class TopOfFile:
    """The headers, the empty line and the first lines of a letter: a file to read from."""

    def __init__(self, file: IO[bytes], lines: int) -> None:
        self._file = file
        self._lines = lines
        self._in_headers = self._starts_line = True

    def read(self, size: int) -> bytes:
        """The next bytes, about so many; b"" at the end."""
        pieces, most = [], size
        while size > 0 and (self._in_headers or self._lines) and (piece := self._file.readline(most)):
            pieces.append(piece)
            size -= len(piece)
            ends = piece.endswith(b"\n")
            if self._in_headers:
                self._in_headers = not (self._starts_line and piece in (b"\n", b"\r\n"))
            elif ends:
                self._lines -= 1
            self._starts_line = ends
        return b"".join(pieces)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
