"""BER, as much of it as LDAP has (RFC 4511, section 5.1): definite lengths, strings in one piece, tags of one byte.

    SEQUENCE { INTEGER 1, OCTET STRING "hi" }   =   30 07   02 01 01   04 02 68 69
                                                    tag, length, content; a content may be elements again

A Kind says how one sort of value becomes content, and back. The messages are built from kinds, as a table: so nothing
is read that the table has no place for, and how deep elements nest is the table's decision and not the peer's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

_REQUIRED = object()


class BERError(ValueError):
    """These bytes aren't what LDAP has here. The one error of whatever reads bytes."""


class Kind(NamedTuple):
    """A sort of value.

    tag: the byte before its length; None for a choice, whose `encode` and `decode` have whole elements.
    encode: value → content. decode: content → value; it raises BERError. default: of an optional field.
    """

    tag: int | None
    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]
    default: Any = _REQUIRED

    def at(self, tag: int) -> Kind:
        """The same with another tag."""
        return self._replace(tag=tag)

    def optional(self, default: Any = None) -> Kind:
        """The same for a field that may be left out, and then has this value."""
        return self._replace(default=default)

    def dump(self, value: Any) -> bytes:
        """A whole element."""
        content = self.encode(value)
        return content if self.tag is None else wrap(self.tag, content)

    def load(self, data: bytes) -> Any:
        """The value of a whole element. Raises BERError, also for what follows it."""
        found = [*elements(data)]
        if len(found) != 1 or self.tag not in (None, found[0][0]):
            raise BERError(f"one element with tag {self.tag} belongs here")
        return self.decode(data if self.tag is None else found[0][1])


def wrap(tag: int, content: bytes) -> bytes:
    """An element: tag, length, content."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def read_header(data: bytes | bytearray, at: int = 0) -> tuple[int, int, int] | None:
    """The tag of the element that begins here, and where its content begins and ends; it needn't have come yet.

    None: the header isn't whole. Raises BERError for a tag or a length that LDAP doesn't have.
    """
    if len(data) < at + 2:
        return None
    tag, length, start = data[at], data[at + 1], at + 2
    if tag & 0x1F == 0x1F:
        raise BERError("a tag has one byte in LDAP")
    if length >= 0x80:
        size = length & 0x7F
        if not 1 <= size <= 4:
            raise BERError(f"a length has 1 to 4 bytes in LDAP, not {size or 'no end'}")
        if len(data) < start + size:
            return None
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    return tag, start, start + length


def elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements in a content: tags and contents. Raises BERError when one isn't whole."""
    at = 0
    while at < len(content):
        header = read_header(content, at)
        if header is None or header[2] > len(content):
            raise BERError("an element is longer than what it is in")
        tag, start, at = header
        yield tag, content[start:at]


def listed(tag: int, kind: Kind) -> Kind:
    """SEQUENCE OF and SET OF: a tuple of values of one kind."""

    def decode(content: bytes) -> tuple[Any, ...]:
        if kind.tag is None:
            return tuple(kind.decode(wrap(*one)) for one in elements(content))
        found = [*elements(content)]
        if any(tag != kind.tag for tag, _ in found):
            raise BERError(f"all that is listed here has tag {kind.tag}")
        return tuple(kind.decode(one) for _, one in found)

    return Kind(tag, lambda values: b"".join(map(kind.dump, values)), decode)


def record(tag: int, make: Callable[..., Any], *fields: Kind) -> Kind:
    """SEQUENCE: a tuple with a value for each field, of which the optional ones may be left out. make: from values."""

    def encode(values: Any) -> bytes:
        pairs = zip(fields, values, strict=True)
        return b"".join(field.dump(value) for field, value in pairs if value != field.default)

    def decode(content: bytes) -> Any:
        rest = elements(content)  # what comes behind the known fields is for later versions: RFC 4511, section 4
        tag, one = next(rest, (-1, b""))
        values = []
        for field in fields:
            if tag == field.tag or (field.tag is None and tag >= 0):
                values.append(field.decode(one if field.tag is not None else wrap(tag, one)))
                tag, one = next(rest, (-1, b""))
            elif field.default is _REQUIRED:
                raise BERError(f"field {len(values) + 1} of a {getattr(make, '__name__', 'value')} is missing")
            else:
                values.append(field.default)
        return make(*values)

    return Kind(tag, encode, decode)


def _integer(content: bytes) -> int:
    if not 1 <= len(content) <= 4:
        raise BERError(f"an integer has 1 to 4 bytes in LDAP, not {len(content)}")
    return int.from_bytes(content, "big", signed=True)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise BERError("text is UTF-8 in LDAP, and this isn't") from None


def _boolean(content: bytes) -> bool:
    if len(content) != 1:
        raise BERError(f"a boolean has one byte, not {len(content)}")
    return content != b"\0"


def _nothing(content: bytes) -> None:
    if content:
        raise BERError("nothing belongs into a NULL")


def _dump_integer(value: int) -> bytes:
    return value.to_bytes(max(1, (value + (value < 0)).bit_length() // 8 + 1), "big", signed=True)


BOOLEAN = Kind(0x01, lambda value: b"\xff" if value else b"\0", _boolean)
INTEGER = Kind(0x02, _dump_integer, _integer)
OCTETS = Kind(0x04, bytes, bytes)
STRING = Kind(0x04, lambda text: text.encode("utf-8"), _text)
NULL = Kind(0x05, lambda value: b"", _nothing)
ENUMERATED = INTEGER.at(0x0A)
