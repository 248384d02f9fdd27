"""Bytes ↔ the tokens of IMAP (RFC 3501, section 9). No connection here.

    atom        FETCH, \\Seen, 1:5          no spaces, parentheses, quotes, braces
    quoted      "two words"                one line, with \\ before " and \\
    literal     {5}CRLF and 5 bytes        anything; {5+} for one that isn't waited for (RFC 7888)
    list        (one (two three))

A command or response is a sequence of pieces: a line, and as often as the line ends with {n}, a literal and a further
line. A Reader goes through them and knows what is allowed where, so a server learns before its "+" whether a literal
belongs there and how long it may be: WantsLiteral is raised for one that does, ParseError for one that doesn't. Bounds:
a literal has at most `most` bytes, and lists are at most MOST_NESTED deep.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

MOST_NESTED = 50
_T = TypeVar("_T")
_ATOM = re.compile(rb'[^\x00-\x20\x7f-\xff(){%*"\\\]]+')
_ASTRING = re.compile(rb'[^\x00-\x20\x7f-\xff(){%*"\\]+')
_PATTERN = re.compile(rb'[^\x00-\x20\x7f-\xff(){"\\]+')  # of LIST: with wildcards
_FLAG = re.compile(rb'\\?[^\x00-\x20\x7f-\xff(){%*"\\\]]+|\\\*')
_QUOTED = re.compile(rb'"((?:[^"\\\r\n\x00]|\\["\\])*)"')
_LITERAL = re.compile(rb"\{(\d{1,20})(\+?)\}\Z")
_VALUE = re.compile(rb'(?:[^\x00-\x20()\[\]"{]|\[(?:[^\]"]|"[^"]*")*\])+')  # as servers send: BODY[HEADER (DATE)]<0>
_ESCAPED = re.compile(rb"\\(.)")
_QUOTABLE = re.compile(rb"[^\x00\r\n\x80-\xff]{0,1000}\Z")
_SHIFTED = re.compile(rb"&([A-Za-z0-9+,]*)-")


class IMAP4Exception(Exception):
    """What goes wrong in IMAP."""


class ParseError(IMAP4Exception):
    """A peer's words are no IMAP. The text is for it."""


class WantsLiteral(Exception):
    """The next piece is missing: a literal, where one may be. size: in bytes. waits: for a "+"."""

    def __init__(self, size: int, waits: bool) -> None:
        super().__init__(size, waits)
        self.size, self.waits = size, waits


class Atom(bytes):
    """Bytes that are written as they are, without quotes."""


def literal_at_end(line: bytes) -> tuple[int, bool] | None:
    """Size of the literal that a line announces, and whether its sender waits for a "+"; None: there is none."""
    found = _LITERAL.search(line[-24:])
    return (int(found[1]), not found[2]) if found else None


class Reader:
    """Goes through one command or response.

    pieces: line, literal, line, …; lines are without their end. most: bytes that a literal may have. Each method reads
    one thing, and raises ParseError when something else is there, or WantsLiteral where `pieces` end with a {n}.
    mostMessage: the same for APPEND. deepest: how deep lists may be. takes_NUL: whether a literal may have one.
    """

    mostMessage = 26_214_400
    deepest = MOST_NESTED
    takes_NUL = False

    def __init__(self, pieces: Sequence[bytes], most: int = 2**16) -> None:
        self._pieces, self._place, self._at, self._depth = pieces, 0, 0, 0
        self.most = most

    @property
    def line(self) -> bytes:
        """The line that it is in."""
        return self._pieces[self._place]

    def rest(self) -> bytes:
        """What is left of this line."""
        found, self._at = self.line[self._at :], len(self.line)
        return found

    def next_is(self, mark: bytes) -> bool:
        """Whether this comes next. Reads nothing."""
        return self.line.startswith(mark, self._at)

    def skip(self, mark: bytes) -> bool:
        """Read this, if it comes next; case matters. Returns whether it does."""
        found = self.line.startswith(mark, self._at)
        self._at += len(mark) if found else 0
        return found

    def skip_word(self, word: bytes) -> bool:
        """Read this word and a space, in whatever case, if they come next. Returns whether they do."""
        end = self._at + len(word)
        found = self.line[self._at : end].upper() == word and self.line[end : end + 1] == b" "
        self._at += len(word) + 1 if found else 0
        return found

    def expect(self, mark: bytes) -> None:
        """Read this."""
        if not self.skip(mark):
            self._complain(repr(mark.decode("ascii")))

    def _complain(self, wanted: str) -> None:
        there = self.line[self._at : self._at + 30] or b"the end"
        raise ParseError(f"{wanted} is expected where {there.decode('ascii', 'backslashreplace')} is")

    def space(self) -> Any:
        """Read one space. Returns None."""
        self.expect(b" ")

    def at_end(self) -> bool:
        """Whether all is read."""
        return self._at == len(self.line) and self._place == len(self._pieces) - 1

    def end(self) -> None:
        """Raise ParseError unless all is read."""
        if not self.at_end():
            self._complain("the end")

    def match(self, pattern: re.Pattern[bytes], wanted: str) -> re.Match[bytes]:
        """Read what a pattern says. wanted: its name, for the error."""
        found = pattern.match(self.line, self._at)
        if found is None:
            self._complain(wanted)
            raise AssertionError
        self._at = found.end()
        return found

    def atom(self) -> bytes:
        """Read an atom, upper-cased."""
        return self.match(_ATOM, "an atom")[0].upper()

    def flag(self) -> bytes:
        r"""Read a flag, such as \Seen or $Forwarded."""
        return self.match(_FLAG, "a flag")[0]

    def number(self) -> int:
        """Read a number below 2**63."""
        return int(self.match(re.compile(rb"\d{1,18}(?!\d)"), "a number")[0])

    def string(self) -> bytes:
        """Read a quoted string or a literal."""
        if self.next_is(b'"'):
            return _ESCAPED.sub(rb"\1", self.match(_QUOTED, "a closing quote")[1])
        found = self.match(_LITERAL, "a string")
        size = int(found[1])
        if size > self.most:
            raise ParseError(f"a literal of {size} bytes is too long; here it has at most {self.most}")
        if self._place + 1 == len(self._pieces):
            raise WantsLiteral(size, not found[2])
        literal = self._pieces[self._place + 1]
        self._place, self._at = self._place + 2, 0
        if b"\0" in literal and not self.takes_NUL:
            raise ParseError("a literal has a NUL in it")
        return literal

    def _string_or(self, pattern: re.Pattern[bytes], wanted: str) -> bytes:
        if self.next_is(b'"') or self.next_is(b"{"):
            return self.string()
        return self.match(pattern, wanted)[0]

    def astring(self) -> bytes:
        """Read an atom or a string."""
        return self._string_or(_ASTRING, "a string")

    def pattern(self) -> bytes:
        """Read a mailbox name with wildcards."""
        return self._string_or(_PATTERN, "a mailbox")

    def listed(self, item: Callable[[], _T]) -> list[_T]:
        """Read a list. item: reads one of what is in it."""
        self.expect(b"(")
        self._depth += 1
        if self._depth > self.deepest:
            raise ParseError(f"lists are at most {self.deepest} deep")
        found: list[_T] = []
        while not self.skip(b")"):
            if found:
                self.skip(b" ")  # required by the grammar; body structures come without
            found.append(item())
        self._depth -= 1
        return found

    def value(self) -> Any:
        """Read anything that a server sends: bytes for an atom or a string, None for NIL, a list for a list."""
        if self.next_is(b"("):
            return self.listed(self.value)
        if self.next_is(b'"') or self.next_is(b"{"):
            return self.string()
        atom = self.match(_VALUE, "a value")[0]
        return None if atom.upper() == b"NIL" else Atom(atom)


def is_quotable(text: bytes) -> bool:
    """Whether it can be a quoted string; otherwise it must be a literal."""
    return _QUOTABLE.match(text) is not None


def quoted(text: bytes) -> bytes:
    """A string as it is sent: in quotes, or a literal."""
    if is_quotable(text):
        return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    return b"{%d}\r\n%b" % (len(text), text)


def written(value: Any) -> bytes:
    """A value as it is sent. None: NIL. An Atom as it is, other bytes as a string; lists and tuples in parentheses."""
    if value is None:
        return b"NIL"
    if isinstance(value, (list, tuple)):
        return b"(" + b" ".join(map(written, value)) + b")"
    if isinstance(value, int):
        return b"%d" % value
    return bytes(value) if isinstance(value, Atom) else quoted(value)


def encode_mailbox(name: str) -> bytes:
    """A mailbox name in modified UTF-7 (RFC 3501, section 5.1.3). Raises ParseError for half a surrogate pair."""
    try:
        pieces = re.split("([^ -~]+)", name)
        return b"".join(
            _shifted(piece) if n % 2 else piece.replace("&", "&-").encode() for n, piece in enumerate(pieces)
        )
    except UnicodeEncodeError:
        raise ParseError(f"{name!r} can't be the name of a mailbox") from None


def _shifted(text: str) -> bytes:
    if text.isascii() and text.isprintable():
        return text.replace("&", "&-").encode()
    return b"&" + base64.b64encode(text.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",") + b"-"


def decode_mailbox(name: bytes) -> str:
    """What it says. Raises ParseError for what `encode_mailbox` wouldn't write: one mailbox has one name."""

    def plain(found: re.Match[bytes]) -> bytes:
        code = found[1].replace(b",", b"/")
        return base64.b64decode(code + b"=" * (-len(code) % 4)).decode("utf-16-be").encode() if code else b"&"

    try:
        text = _SHIFTED.sub(plain, name).decode()
    except (binascii.Error, UnicodeError):
        text = ""
    if encode_mailbox(text) != name:
        raise ParseError(f"{name[:80]!r} is no mailbox name in modified UTF-7")
    return text
