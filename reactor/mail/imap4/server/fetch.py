"""What FETCH asks for (RFC 3501, section 6.4.5), and the answers to it."""

from __future__ import annotations

import email.utils
import io
import os
import re
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache, partial
from typing import Any, NamedTuple

from reactor.mail.crlf import PIECE
from reactor.mail.imap4.server.structure import Part, end_of_header, texts
from reactor.mail.imap4.tokens import ParseError, Reader, quoted

_NAME = re.compile(rb"[A-Za-z0-9.]+")
_SECTION = re.compile(rb"(\d{1,9}(?:\.\d{1,9})*)?(\.)?([A-Za-z.]*)")
_PARTIAL = re.compile(rb"<(\d{1,10})\.(\d{1,10})>")
MOST_ATTRIBUTES = 100
MOST_HEADERS = 2**14  # bytes that they have, mostly
SECTIONS = {b"", b"HEADER", b"HEADER.FIELDS", b"HEADER.FIELDS.NOT", b"MIME", b"TEXT"}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Stretch(NamedTuple):
    """Bytes of a message as it is sent: from `begin`, so many as `size`."""

    begin: int
    size: int


def assembled(part: Any) -> bytes:
    """A message that can't be had as a file, from its headers and its parts."""
    headers = part.getHeaders(True)
    lines = [*(f"{name}: {value}" for name, value in headers.items()), "", ""]
    head = "\r\n".join(lines).encode("utf-8", "surrogateescape")
    if not part.isMultipart():
        return head + bytes(part.getBodyFile().read())
    boundary = Part(head).parameters.get(b"boundary", b"")
    body, number = b"", 0
    while True:
        try:
            body += b"\r\n--" + boundary + b"\r\n" + assembled(part.getSubPart(number))
        except IndexError:
            return head + body + b"\r\n--" + boundary + b"--\r\n"
        number += 1


class Letter:
    """A message that somebody fetches or searches; what is asked about its text is read once.

    message: an IMessageIMAP. number: what the session calls it. isRecent: whether this session is the first to see it.
    """

    def __init__(self, message: Any, number: int, isRecent: bool) -> None:
        self.message, self.number, self.isRecent = message, number, isRecent
        self.uid = int(message.getUID())

    @property
    def flags(self) -> frozenset[str]:
        """Its flags."""
        flags = frozenset(self.message.getFlags())
        return flags | {r"\Recent"} if self.isRecent else flags

    @cached_property
    def file(self) -> Any:
        """It, as a file."""
        return self.message.open() if hasattr(self.message, "open") else io.BytesIO(assembled(self.message))

    @cached_property
    def size(self) -> int:
        """How many bytes are sent."""
        return int(self.file.seek(0, os.SEEK_END))

    @cached_property
    def part(self) -> Part:
        """Its structure. From now on it is in memory."""
        self.file.seek(0)
        with self.file as file:
            self.file = io.BytesIO(file.read())
        return Part(self.file.getvalue())

    @cached_property
    def head(self) -> Part:
        """Its headers, without what is behind them."""
        self.file.seek(0)
        text = b""
        while not (end := end_of_header(text, 0, len(text))) and (more := self.file.read(len(text) or MOST_HEADERS)):
            text += more
        return Part(text[:end])

    @cached_property
    def texts(self) -> list[str]:
        """All that its parts say, in small letters; decoded once, however many keys of a search look into it."""
        return [text.casefold() for text in texts(self.part)]

    def pieces(self, stretch: Stretch) -> Iterator[bytes]:
        """Its bytes, a piece at a time. Raises EOFError if it has become shorter."""
        left = stretch.size
        if left:
            self.file.seek(stretch.begin)
        while left:
            piece = self.file.read(min(left, 2 * PIECE))
            if not piece:
                raise EOFError(f"message {self.uid} ends {left} bytes before its end")
            left -= len(piece)
            yield piece

    def forget(self) -> None:
        """Keep nothing of its text: there may be many."""
        if "file" in self.__dict__:
            self.file.close()
            for name in ("file", "size", "part", "head", "texts"):
                self.__dict__.pop(name, None)

    def date(self) -> Any:
        """When it came: a datetime."""
        said = self.message.getInternalDate()
        return email.utils.parsedate_to_datetime(said.decode("ascii") if isinstance(said, bytes) else said)


def _internal_date(letter: Letter) -> bytes:
    date = letter.date()
    zone = date.strftime("%z") or "+0000"
    return f'"{date.day:2}-{MONTHS[date.month - 1]}-{date.year:04} {date:%H:%M:%S} {zone}"'.encode()


@lru_cache(4096)
def flag_list(flags: frozenset[str]) -> bytes:
    """Flags as they are sent."""
    return b"(" + " ".join(sorted(flags)).encode("ascii") + b")"


class Attribute(NamedTuple):
    """One thing to fetch. label: what the answer calls it. read: finds it. marksSeen: whether it is read now."""

    label: bytes
    read: Callable[[Letter], bytes | Stretch]
    marksSeen: bool = False


SIMPLE = {
    name: Attribute(name, read, name in (b"RFC822", b"RFC822.TEXT"))
    for name, read in {
        b"FLAGS": lambda letter: flag_list(letter.flags),
        b"UID": lambda letter: b"%d" % letter.uid,
        b"INTERNALDATE": _internal_date,
        b"RFC822.SIZE": lambda letter: b"%d" % letter.message.getSize(),
        b"MODSEQ": lambda letter: b"(%d)" % letter.message.getModseq(),
        b"ENVELOPE": lambda letter: letter.head.envelope,
        b"BODY": lambda letter: letter.part.structure(False),
        b"BODYSTRUCTURE": lambda letter: letter.part.structure(True),
        b"RFC822": lambda letter: Stretch(0, letter.size),
        b"RFC822.HEADER": lambda letter: Stretch(0, letter.head.body),
        b"RFC822.TEXT": lambda letter: Stretch(letter.head.body, letter.size - letter.head.body),
    }.items()
}
_FAST = [SIMPLE[name] for name in (b"FLAGS", b"INTERNALDATE", b"RFC822.SIZE")]
MACROS = {
    b"FAST": _FAST,
    b"ALL": [*_FAST, SIMPLE[b"ENVELOPE"]],
    b"FULL": [*_FAST, SIMPLE[b"ENVELOPE"], SIMPLE[b"BODY"]],
}


def attributes(reader: Reader) -> list[Attribute]:
    """Read what to fetch: a macro, one attribute, or a list of them."""
    for name, macro in MACROS.items():
        if reader.next_is(name) or reader.next_is(name.lower()):
            reader.atom()
            return macro
    if not reader.next_is(b"("):
        return [_attribute(reader)]
    found = reader.listed(lambda: _attribute(reader))
    if not 0 < len(found) <= MOST_ATTRIBUTES:
        raise ParseError(f"FETCH takes 1 to {MOST_ATTRIBUTES} attributes, not {len(found)}")
    return found


def _attribute(reader: Reader) -> Attribute:
    name = reader.match(_NAME, "an attribute of FETCH")[0].upper()
    if name in (b"BODY", b"BODY.PEEK") and reader.skip(b"["):
        return _section(reader, name == b"BODY")
    if name not in SIMPLE:
        raise ParseError(f"{name.decode('ascii')[:40]} is no attribute of FETCH")
    return SIMPLE[name]


def _section(reader: Reader, marksSeen: bool) -> Attribute:
    """What stands in BODY[…]."""
    found = reader.match(_SECTION, "a section")
    numbers = [int(number) for number in found[1].split(b".")] if found[1] else []
    what = found[3].upper()
    if (
        what not in SECTIONS
        or (what == b"MIME" and not numbers)
        or bool(found[2]) != bool(numbers and what)
        or 0 in numbers
    ):
        raise ParseError(f"[{found[0].decode('ascii')[:40]}] is no section of a message")
    names: list[bytes] = []
    if b"FIELDS" in what:
        reader.space()
        names = reader.listed(reader.astring)
    reader.expect(b"]")
    label = b"BODY[" + found[0].upper() + (b" (" + b" ".join(map(_name, names)) + b")" if names else b"") + b"]"
    if not reader.next_is(b"<"):
        return Attribute(label, partial(_found, numbers=numbers, what=what, names=names), marksSeen)
    begin, most = (int(number) for number in reader.match(_PARTIAL, "<begin.length>").groups())
    read = partial(_found, numbers=numbers, what=what, names=names, begin=begin, most=most)
    return Attribute(label + b"<%d>" % begin, read, marksSeen)


def _name(name: bytes) -> bytes:
    return name if re.fullmatch(rb"[!#$&'+-9;-Z^-z|}~]+", name) else quoted(name)


def _found(
    letter: Letter, numbers: list[int], what: bytes, names: list[bytes], begin: int = 0, most: int = 2**63
) -> bytes | Stretch:
    """A section, or from `begin` at most so many bytes of it."""
    found = _find(letter, numbers, what, names)
    if isinstance(found, Stretch):
        return Stretch(found.begin + begin, max(0, min(most, found.size - begin)))
    if found is None:
        return b"NIL"
    text = found[begin : begin + most]
    return b"{%d}\r\n%b" % (len(text), text)


def _find(letter: Letter, numbers: list[int], what: bytes, names: list[bytes]) -> bytes | Stretch | None:
    if not numbers and not what:
        return Stretch(0, letter.size)
    part = letter.part.find(numbers) if numbers else letter.head
    if part is not None and numbers and what not in (b"", b"MIME"):
        part = part.message  # a part has a HEADER and a TEXT when it is a message
    if part is None:
        return None
    if b"FIELDS" in what:
        return part.some_fields([name.lower() for name in names], what.endswith(b"NOT"))
    if what in (b"HEADER", b"MIME"):
        return Stretch(part.start, part.body - part.start)
    end = part.end if numbers else letter.size
    return Stretch(part.body, end - part.body)
