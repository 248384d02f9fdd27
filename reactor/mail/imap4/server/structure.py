"""The parts of a message, by byte range (RFC 3501, sections 7.4.2 and 6.4.5; RFC 2045, RFC 2046).

The `email` package forgets where a part began, and IMAP sends parts as they came: so this walks the bytes itself.
Bounds, against messages made to be slow (CVE-2024-23184, CVE-2024-23185): a header has MOST_HEADER bytes that are
looked at, a field MOST_FIELD of them; parts are MOST_DEEP deep, and MOST_PARTS altogether. What is beyond is text.
"""

from __future__ import annotations

import binascii
import codecs
import email.errors
import email.header
import email.utils
import quopri
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from reactor.mail.imap4.tokens import Atom, written

SLOW = ("idna", "punycode")  # no charsets of texts: Python's decoders take n² for them
MOST_HEADER = 2**18
MOST_FIELD = 2**14
MOST_DEEP = 50
MOST_PARTS = 1000
_FIELD = re.compile(rb"(?m)^([!-9;-~]{1,200})[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
_TYPE = re.compile(rb"\s*([!-.0-~]+)/([!-:<-~]+)")
_PARAMETER = re.compile(rb';\s*([^\s=;"]{1,200})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))')
_NO_CHARSET = re.compile(r"=\?(?:punycode|idna)\b", re.IGNORECASE)  # of texts; Python's decoders take n² for them
_GROUP = re.compile(r'([^":;@<>]+):([^;]*);\s*\Z')


def text_of(value: bytes) -> str:
    """A header's value as people read it: encoded words are decoded."""
    text = value.decode("utf-8", "replace")
    if "=?" not in text or _NO_CHARSET.search(text):
        return text
    try:
        return str(email.header.make_header(email.header.decode_header(text)))
    except (ValueError, LookupError, email.errors.HeaderParseError):
        return text


def addresses(value: bytes | None) -> Any:
    """What an envelope says of From and its like: name, None, local part, domain; groups have a begin and an end."""
    if not value:
        return None
    text = value.decode("utf-8", "surrogateescape")
    group = _GROUP.match(text)
    found: list[list[bytes | None]] = []
    try:
        known = email.utils.getaddresses([group[2] if group else text])
    except RecursionError:  # comments in comments in comments
        return None
    for name, address in known:
        local, at, domain = address.rpartition("@")
        if address:
            found.append([_bytes(name), None, _bytes(local if at else address), _bytes(domain if at else "")])
    if group:
        found = [[None, None, _bytes(group[1].strip()), None], *found, [None, None, None, None]]
    return Atom(b"(" + b"".join(map(written, found)) + b")") if found else None


def _bytes(text: str) -> bytes | None:
    return text.encode("utf-8", "surrogateescape") or None


def end_of_header(raw: bytes, start: int, end: int) -> int | None:
    """Where a header ends that begins at `start`, with its empty line; None: before `end` it doesn't."""
    if raw.startswith(b"\r\n", start, end):
        return start + 2
    gap = raw.find(b"\r\n\r\n", start, end)
    return gap + 4 if gap >= 0 else None


class Part:
    """A message, or a part of one.

    raw: the whole message, with CRLF. start, body, end: where this begins, where its body does, where it ends. parts:
    of a multipart. message: what a message/rfc822 has in it, or None.
    """

    def __init__(self, raw: bytes, start: int = 0, end: int | None = None, deep: int = 0, budget: Any = None) -> None:
        self.raw, self.start, self.end = raw, start, len(raw) if end is None else end
        self.body = end_of_header(raw, start, self.end) or self.end
        self._deep, self._budget = deep, [MOST_PARTS] if budget is None else budget
        self.type, self.subtype, self.parameters = self._content_type()
        self.message: Part | None = None
        self.parts: list[Part] = self._split() if self.type == b"multipart" else []
        if self.type == b"multipart" and not self.parts:
            self.type, self.subtype = b"text", b"plain"  # as a multipart has a part at least
        if (self.type, self.subtype) == (b"message", b"rfc822") and self._may_go_deeper():
            self.message = Part(raw, self.body, self.end, deep + 1, self._budget)

    def _may_go_deeper(self) -> bool:
        self._budget[0] -= 1
        return self._deep < MOST_DEEP and self._budget[0] >= 0

    def _content_type(self) -> tuple[bytes, bytes, dict[bytes, bytes]]:
        value = self.field(b"content-type") or b"text/plain; charset=us-ascii"
        found = _TYPE.match(value)
        if found is None:
            return b"text", b"plain", {}
        return found[1].lower(), found[2].lower(), _parameters(value)

    def _split(self) -> list[Part]:
        boundary = self.parameters.get(b"boundary", b"")
        if not boundary:
            return []
        line = re.compile(rb"\r\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r\n|\Z)")
        found: list[Part] = []
        begin = None
        for mark in line.finditer(self.raw, max(self.body - 2, 0), self.end):
            if begin is not None:
                found.append(Part(self.raw, begin, max(mark.start(), begin), self._deep + 1, self._budget))
            if mark[1] or not self._may_go_deeper():
                return found
            begin = min(mark.end() + 2, self.end)
        if begin is not None:
            found.append(Part(self.raw, begin, self.end, self._deep + 1, self._budget))
        return found

    # --- headers

    @cached_property
    def fields(self) -> list[tuple[bytes, bytes, bytes]]:
        """Each header: its name in small letters, its value in one line, and all of it as it came."""
        block = self.raw[self.start : min(self.body, self.start + MOST_HEADER)]
        return [
            (found[1].lower(), found[2][:MOST_FIELD].replace(b"\r", b"").replace(b"\n", b"").strip(), found[0])
            for found in _FIELD.finditer(block)
        ]

    def field(self, name: bytes) -> bytes | None:
        """The value of the first header with this name."""
        return next((value for known, value, _ in self.fields if known == name), None)

    def header(self) -> bytes:
        """All headers as they came, with the empty line."""
        return self.raw[self.start : self.body]

    def some_fields(self, names: list[bytes], negate: bool) -> bytes:
        """The headers with these names, in small letters, or all others; and the empty line."""
        wanted = frozenset(names)
        return b"".join([whole for name, _, whole in self.fields if (name in wanted) != negate]) + b"\r\n"

    def content(self) -> bytes:
        """The body."""
        return self.raw[self.body : self.end]

    def find(self, numbers: list[int]) -> Part | None:
        """A part of a part, by numbers from 1; the body of what has no parts is its part 1."""
        here: Part | None = self
        for deep, number in enumerate(numbers):
            inside = here if deep == 0 else here.message or here  # type: ignore[union-attr]  # None returns below
            assert inside is not None
            if inside.parts:
                here = inside.parts[number - 1] if number <= len(inside.parts) else None
            else:  # part 1 of a message without parts is its body
                here = inside if number == 1 and (deep == 0 or inside is not here) else None
            if here is None:
                return None
        return here

    # --- what IMAP says of it

    @cached_property
    def envelope(self) -> bytes:
        """As FETCH ENVELOPE has it."""
        known: dict[bytes, bytes] = {}
        for name, value, _ in self.fields:
            known.setdefault(name, value)
        sender = addresses(known.get(b"from"))
        others = [addresses(known.get(name)) for name in (b"sender", b"reply-to", b"to", b"cc", b"bcc")]
        names = [known.get(b"date"), known.get(b"subject"), sender, others[0] or sender, others[1] or sender]
        return written([*names, *others[2:], known.get(b"in-reply-to"), known.get(b"message-id")])

    def structure(self, isExtended: bool) -> bytes:
        """As FETCH BODYSTRUCTURE has it, or without the extensions, FETCH BODY."""
        more = self._extension() if isExtended else b""
        if self.parts:
            inner = b"".join(part.structure(isExtended) for part in self.parts)
            extra = b" " + written(_pairs(self.parameters)) + more if isExtended else b""
            return b"(" + inner + b" " + written(self.subtype) + extra + b")"
        size = self.end - self.body
        encoding = (self.field(b"content-transfer-encoding") or b"7bit").lower()
        head: list[Any] = [self.type, self.subtype, _pairs(self.parameters)]
        head += [self.field(b"content-id"), self.field(b"content-description"), encoding, size]
        said = b" ".join(map(written, head))
        if self.message is not None:
            said += b" " + self.message.envelope + b" " + self.message.structure(isExtended)
        if self.message is not None or self.type == b"text":
            said += b" %d" % self.raw.count(b"\n", self.body, self.end)
        md5 = b" " + written(self.field(b"content-md5")) if isExtended else b""
        return b"(" + said + md5 + more + b")"

    def _extension(self) -> bytes:
        value = self.field(b"content-disposition")
        kind = re.match(rb"\s*([!-:<-~]+)", value) if value else None
        disposition = [kind[1].lower(), _pairs(_parameters(value or b""))] if kind else None
        languages = re.findall(rb"[\w-]+", self.field(b"content-language") or b"") or None
        return b"".join(b" " + written(each) for each in (disposition, languages, self.field(b"content-location")))


def texts(part: Part) -> Iterator[str]:
    """The text of each part that has any, and the headers of messages inside, decoded."""
    for one in [*part.parts, *([part.message] if part.message is not None else [])]:
        if one is part.message:
            yield text_of(one.header())
        yield from texts(one)
    if part.parts or part.message is not None or part.type != b"text":
        return
    body = part.content()
    encoding = (part.field(b"content-transfer-encoding") or b"").lower()
    try:
        body = binascii.a2b_base64(body) if encoding == b"base64" else body
    except binascii.Error:
        return
    body = quopri.decodestring(body) if encoding == b"quoted-printable" else body
    try:
        charset = codecs.lookup(part.parameters.get(b"charset", b"utf-8").decode("ascii")).name
        yield body.decode("latin-1" if charset in SLOW else charset, "replace")
    except (LookupError, UnicodeDecodeError, ValueError):
        yield body.decode("latin-1")


def _parameters(value: bytes) -> dict[bytes, bytes]:
    return {
        name.lower(): re.sub(rb"\\(.)", rb"\1", inQuotes) if inQuotes else plain
        for name, inQuotes, plain in _PARAMETER.findall(value)
    }


def _pairs(parameters: dict[bytes, bytes]) -> list[bytes] | None:
    return [word for pair in parameters.items() for word in pair] or None
