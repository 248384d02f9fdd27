"""What NNTP says (RFC 3977): commands, replies, and what stands in them. No connection here.

command = word *( 1*( SP / TAB ) argument ) CRLF                            at most 512 bytes with its CRLF
reply   = 3digit SP text CRLF [ *( line CRLF ) "." CRLF ]                   the code tells whether lines follow

Text is UTF-8. What isn't, comes through unchanged: a byte that can't be read becomes a surrogate, and that byte again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

LAST_NUMBER = 2**31 - 1  # of an article: RFC 3977, section 6
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>\Z")  # RFC 5536, section 3.1.3, in printable ASCII
_NAME = re.compile(r"[^\s!,*?\[\]\\\x00-\x20\x7f\ud800-\udfff]{1,400}\Z")  # of a group
_LINE_MARKS = re.compile(r"[\0\r\n]")


class NNTPError(Exception):
    """A reply that says no. code: from 400 to 599. text: for people."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code, self.text = code, text

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


def decoded(line: bytes) -> str:
    """The text of a line, whatever its bytes."""
    return line.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """The bytes of what goes into a line. Raises ValueError for a text that would be two lines."""
    if _LINE_MARKS.search(text):
        raise ValueError(f"a line of NNTP has no CR, LF or NUL in it, unlike {text[:80]!r}")
    return text.encode("utf-8", "surrogateescape")


def read_command(line: bytes) -> tuple[str, list[str]]:
    """The word of a command, upper-cased, and its arguments. Raises NNTPError for a line that has no word."""
    words = decoded(line.replace(b"\t", b" ")).split(" ")
    found = [word for word in words if word]
    if not found or b"\0" in line or b"\r" in line or b"\n" in line:
        raise NNTPError(501, "a command is a word and its arguments, in one line")
    return found[0].upper(), found[1:]


def is_message_id(text: str) -> bool:
    """Whether this is `<something@somewhere>`: no space in it, at most 250 bytes (RFC 3977, section 3.6)."""
    return len(text) <= 250 and _MESSAGE_ID.match(text) is not None


def is_group_name(text: str) -> bool:
    """Whether a group may be called so."""
    return _NAME.match(text) is not None


def read_number(text: str) -> int:
    """An article's number. Raises NNTPError for what isn't one."""
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise NNTPError(501, f"{text[:20]!r} is no number")
    return min(int(text), LAST_NUMBER)


def read_range(text: str) -> tuple[int, int]:
    """The first and last number of `7`, `7-` or `7-9`. Raises NNTPError for anything else."""
    low, dash, high = text.partition("-")
    return read_number(low), read_number(high) if high else LAST_NUMBER if dash else read_number(low)


def read_date(date: str, time: str, zone: str = "GMT") -> float:
    """Seconds since 1970 of `[yy]yymmdd hhmmss` (RFC 3977, section 7.3.2). Raises NNTPError for what is no date."""
    try:
        if not (date.isascii() and date.isdigit() and len(date) in (6, 8) and len(time) == 6 and zone == "GMT"):
            raise ValueError
        if len(date) == 6:  # of the century in which it is nearest to the past
            now = datetime.now(UTC)
            date = f"{now.year // 100 - (int(date[:2]) > now.year % 100)}{date}"
        return datetime.strptime(f"{date}{time}+0000", "%Y%m%d%H%M%S%z").timestamp()
    except ValueError:
        raise NNTPError(501, "a time is yyyymmdd hhmmss, in UTC, or with GMT behind it") from None


def wildmat(patterns: str) -> Callable[[str], bool]:
    """What `comp.*,!comp.os.?` means: a function that tells whether a name fits (RFC 3977, section 4).

    The last pattern that a name fits counts, and `!` in front of that one says no. Whatever the pattern, the time is at
    most the product of its length and the name's: between two `*` only the first place that fits is looked at.
    """
    tests = [(_pattern(one.removeprefix("!")), not one.startswith("!")) for one in patterns.split(",")]

    def fits(name: str) -> bool:
        return next((says_yes for test, says_yes in reversed(tests) if test(name)), False)

    return fits


def _pattern(pattern: str) -> Callable[[str], bool]:
    parts = [re.compile(re.escape(part).replace(r"\?", "."), re.DOTALL) for part in pattern.split("*")]
    lengths = [len(part) for part in pattern.split("*")]

    def fits(name: str) -> bool:
        if len(parts) == 1:
            return parts[0].fullmatch(name) is not None
        found = parts[0].match(name)
        for part in parts[1:-1]:
            found = found and part.search(name, found.end())
        last = len(name) - lengths[-1]
        return found is not None and last >= found.end() and parts[-1].match(name, last) is not None

    return fits
