"""What FETCH asks for (RFC 3501, section 6.4.5), and the answers to it."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from reactor.mail.imap4.server.structure import Part
from reactor.mail.imap4.tokens import ParseError, Reader, quoted

_NAME = re.compile(rb"[A-Za-z0-9.]+")
_SECTION = re.compile(rb"(\d{1,9}(?:\.\d{1,9})*)?(\.)?([A-Za-z.]*)")
_PARTIAL = re.compile(rb"<(\d{1,10})\.(\d{1,10})>")
MOST_ATTRIBUTES = 100
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def literal(text: bytes | None) -> bytes:
    """A part as it is sent; NIL: there is none."""
    return b"NIL" if text is None else b"{%d}\r\n%b" % (len(text), text)


def with_crlf(text: bytes) -> bytes:
    """A text whose lines end with CRLF, the last one too, as `maildrop.wire_size` counts it."""
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.replace(b"\n", b"\r\n") if text.endswith(b"\n") else text.replace(b"\n", b"\r\n") + b"\r\n"


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
    """A message that somebody fetches or searches; what is asked about it is read once. message: an IMessageIMAP."""

    def __init__(self, message: Any, isRecent: bool = False) -> None:
        self.message, self.isRecent = message, isRecent

    @cached_property
    def uid(self) -> int:
        """Its UID."""
        return int(self.message.getUID())

    @cached_property
    def flags(self) -> set[str]:
        """Its flags."""
        return {*self.message.getFlags(), *([r"\Recent"] if self.isRecent else [])}

    @cached_property
    def raw(self) -> bytes:
        """All of it."""
        if not hasattr(self.message, "open"):
            return assembled(self.message)
        with self.message.open() as file:
            return bytes(file.read())

    @cached_property
    def part(self) -> Part:
        """Its structure."""
        return Part(self.raw)

    def forget(self) -> None:
        """Keep its text no longer: there may be many."""
        self.__dict__.pop("raw", None)
        self.__dict__.pop("part", None)

    def date(self) -> Any:
        """When it came: a datetime."""
        said = self.message.getInternalDate()
        return email.utils.parsedate_to_datetime(said.decode("ascii") if isinstance(said, bytes) else said)


def _internal_date(letter: Letter) -> bytes:
    date = letter.date()
    zone = date.strftime("%z") or "+0000"
    return f'"{date.day:2}-{MONTHS[date.month - 1]}-{date.year:04} {date:%H:%M:%S} {zone}"'.encode()


def flag_list(flags: Any) -> bytes:
    """Flags as they are sent."""
    return b"(" + " ".join(sorted(flags)).encode("ascii") + b")"


class Attribute(NamedTuple):
    """One thing to fetch. label: what the answer calls it. read: finds it. marksSeen: whether it is read now."""

    label: bytes
    read: Callable[[Letter], bytes]
    marksSeen: bool = False


SIMPLE = {
    name: Attribute(name, read, name in (b"RFC822", b"RFC822.TEXT"))
    for name, read in {
        b"FLAGS": lambda letter: flag_list(letter.flags),
        b"UID": lambda letter: b"%d" % letter.uid,
        b"INTERNALDATE": _internal_date,
        b"RFC822.SIZE": lambda letter: b"%d" % letter.message.getSize(),
        b"MODSEQ": lambda letter: b"(%d)" % letter.message.getModseq(),
        b"ENVELOPE": lambda letter: letter.part.envelope,
        b"BODY": lambda letter: letter.part.structure(False),
        b"BODYSTRUCTURE": lambda letter: letter.part.structure(True),
        b"RFC822": lambda letter: literal(letter.raw),
        b"RFC822.HEADER": lambda letter: literal(letter.part.header()),
        b"RFC822.TEXT": lambda letter: literal(letter.part.content()),
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
    allowed = SECTIONS.keys() - ({b"MIME"} if not numbers else set())
    if what not in allowed or bool(found[2]) != bool(numbers and what) or 0 in numbers:
        raise ParseError(f"[{found[0].decode('ascii')[:40]}] is no section of a message")
    names: list[bytes] = []
    if b"FIELDS" in what:
        reader.space()
        names = reader.listed(reader.astring)
    reader.expect(b"]")
    label = b"BODY[" + found[0].upper() + (b" (" + b" ".join(map(_name, names)) + b")" if names else b"") + b"]"
    if not reader.next_is(b"<"):
        return Attribute(label, lambda letter: literal(_find(letter, numbers, what, names)), marksSeen)
    begin, most = (int(number) for number in reader.match(_PARTIAL, "<begin.length>").groups())

    def read(letter: Letter) -> bytes:
        text = _find(letter, numbers, what, names)
        return literal(text if text is None else text[begin : begin + most])

    return Attribute(label + b"<%d>" % begin, read, marksSeen)


def _name(name: bytes) -> bytes:
    return name if re.fullmatch(rb"[!#$&'+-9;-Z^-z|}~]+", name) else quoted(name)


SECTIONS: dict[bytes, Callable[[Part, list[bytes]], bytes]] = {
    b"": lambda part, names: part.content(),
    b"MIME": lambda part, names: part.header(),
    b"HEADER": lambda part, names: part.header(),
    b"TEXT": lambda part, names: part.content(),
    b"HEADER.FIELDS": lambda part, names: part.some_fields([name.lower() for name in names], False),
    b"HEADER.FIELDS.NOT": lambda part, names: part.some_fields([name.lower() for name in names], True),
}


def _find(letter: Letter, numbers: list[int], what: bytes, names: list[bytes]) -> bytes | None:
    if not numbers and not what:
        return letter.raw
    part = letter.part.find(numbers)
    if part is not None and numbers and what not in (b"", b"MIME"):
        part = part.message  # a part has a HEADER and a TEXT when it is a message
    return None if part is None else SECTIONS[what](part, names)
