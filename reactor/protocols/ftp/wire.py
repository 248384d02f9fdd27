"""What FTP says (RFC 959, 2428, 2640): commands, paths, addresses. No connection here.

    command = word [ SP argument ] CRLF               UTF-8; other bytes stay what they are, as in the names of files

Clients may put Telnet's signals in front of ABOR (RFC 959, section 4.1.3): IAC and what belongs to it is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_TELNET = re.compile(rb"\xff(?:[\xfb-\xfe].?|(\xff)|[\xf0-\xfa]|)", re.DOTALL)  # RFC 854: IAC IAC is a byte 255
_COMMAND = re.compile(r"[A-Za-z]{3,4}\Z")
_NUMBERS = re.compile(r"\d{1,3}(?:,\d{1,3}){5}", re.ASCII)
_EXTENDED_PASSIVE = re.compile(r"\(([!-~])\1\1(\d{1,5})\1\)", re.ASCII)
_FORBIDDEN = "\r\n\0"


class Refused(ValueError):
    """What a client says is no FTP, or can't be had. code: the reply's. The text is for the client."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class InvalidPath(Refused):
    """A path that leads out of the root, or a text that is none."""


def decoded(line: bytes) -> str:
    """The text of a line; bytes that are no UTF-8 stay what they are (PEP 383)."""
    return line.decode("utf-8", "surrogateescape")


def encoded(line: str) -> bytes:
    """The line of a text. Raises ValueError for what would be two."""
    if any(mark in line for mark in _FORBIDDEN):
        raise ValueError(f"a line of FTP has no CR, LF or NUL in it, unlike {line[:80]!r}")
    return line.encode("utf-8", "surrogateescape")


def read_size(text: str) -> int:
    """A number of bytes. Raises Refused."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refused(501, "a number of bytes is digits alone")
    return int(text)


def _without_signals(line: bytes) -> bytes:
    return _TELNET.sub(lambda found: found[1] or b"", line)


def is_urgent(line: bytes) -> bool:
    """Whether it is about the transfer that goes on, rather than after it."""
    return _without_signals(line).upper() in (b"ABOR", b"STAT")


def read_command(line: bytes) -> tuple[str, str]:
    """The word of a command, upper-cased, and what is behind it. Raises Refused for a line that is none."""
    text = decoded(_without_signals(line))
    word, _, argument = text.partition(" ")
    if not _COMMAND.match(word):
        raise Refused(500, "a command is a word of three or four letters")
    if any(mark in argument for mark in _FORBIDDEN):
        raise Refused(501, "a command is one line, without CR, LF and NUL in it")
    return word.upper(), argument


def toSegments(cwd: Sequence[str], path: str) -> list[str]:
    """The names of a path, which begins at `cwd` unless it begins with a slash. Raises InvalidPath."""
    found = [] if path.startswith("/") else [*cwd]
    for name in path.split("/"):
        if name == ".." and not found:
            raise InvalidPath(553, "nothing is above /")
        if any(mark in name for mark in _FORBIDDEN):
            raise InvalidPath(553, "a name has no CR, LF or NUL in it")
        if name == "..":
            found.pop()
        elif name not in ("", "."):
            found.append(name)
    return found


def is_listable(name: str) -> bool:
    """Whether a name fits into one line of a list."""
    return not any(mark in name for mark in _FORBIDDEN)


def quoted(path: Sequence[str]) -> str:
    """A path between quotes, as in 257: each quote in it is doubled."""
    return '"/{}"'.format("/".join(path).replace('"', '""'))


def parsePWDResponse(response: str) -> str | None:
    """The path in a reply 257; None without one."""
    found = re.search(r'"((?:[^"]|"")*)"', response)
    return found[1].replace('""', '"') if found else None


def decodeHostPort(line: str) -> tuple[str, int]:
    """Host and port of PORT, or of a reply to PASV: six numbers. Raises Refused."""
    found = _NUMBERS.search(line)
    parts = [int(part) for part in found[0].split(",")] if found else []
    if len(parts) != 6 or max(parts) > 255:
        raise Refused(501, f"an address is six numbers up to 255, such as 192,0,2,1,4,1, and not {line[:60]!r}")
    return ".".join(map(str, parts[:4])), parts[4] * 256 + parts[5]


def encodeHostPort(host: str, port: int) -> str:
    """Six numbers."""
    return f"{host.replace('.', ',')},{port >> 8},{port & 255}"


def decodeExtendedAddress(address: str) -> tuple[str, str, int]:
    """Protocol ("1": IPv4, "2": IPv6), host and port of EPRT, such as |2|2001:db8::1|1025|. Raises Refused."""
    fields = address[1:].split(address[:1]) if address else []
    if len(fields) != 4 or fields[3] or not re.fullmatch(r"\d{1,5}", fields[2], re.ASCII) or int(fields[2]) > 65535:
        raise Refused(501, f"an address is |PROTOCOL|HOST|PORT|, and not {address[:60]!r}")
    return fields[0], fields[1], int(fields[2])


def decodeExtendedPassive(line: str) -> int:
    """The port in a reply to EPSV, such as (|||1025|). Raises ValueError."""
    found = _EXTENDED_PASSIVE.search(line)
    if found is None or not 0 < int(found[2]) < 65536:
        raise ValueError(f"a port is (|||1025|), and not {line[:60]!r}")
    return int(found[2])
