"""Filters: which entries a search wants (RFC 4515 for the text, RFC 4511 section 4.5.1.7 for the bytes).

    (&(objectClass=person)(|(cn=A*)(!(mail=*))))

Put values of others into text with `escape_value`, or make the objects below, whose values nobody reads as text.
Bounds, against filters that would cost us our stack or our time: MOST_DEPTH and MOST_ITEMS.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from reactor.ldap.ber import BOOLEAN, OCTETS, STRING, BERError, Kind, elements, listed, record, wrap

MOST_DEPTH = 16  # CVE-2020-12243 is a server without one
MOST_ITEMS = 1000

_ITEM = re.compile(
    r"(?P<attribute>[A-Za-z0-9.;_-]*)(?:(?P<operator>=|>=|<=|~=)|(?P<dn>:dn)?(?::(?P<rule>[A-Za-z0-9.-]+))?:=)"
    r"(?P<value>(?:[^\\()\0]|\\[0-9A-Fa-f]{2})*)\)",
    re.IGNORECASE,
)
_ESCAPED = re.compile(rb"\\([0-9A-Fa-f]{2})")
_SPECIAL = re.compile(rb"[\\()*\0\x80-\xff]")


class Combined(NamedTuple):
    """operator: "&", all of these, and `(&)` is true of every entry; "|", one of them, and `(|)` is true of none (RFC
    4526); "!", not this one.
    """

    operator: str
    filters: tuple[Filter, ...]


class Compared(NamedTuple):
    """A value. operator: "=", ">=", "<=", or "~=", which is about equal."""

    attribute: str
    operator: str
    value: bytes


class Present(NamedTuple):
    """Any value: `(cn=*)`."""

    attribute: str


class Substrings(NamedTuple):
    """Parts of a value, in this order: `(cn=A*n*)`. A part at the beginning or end may be b""."""

    attribute: str
    initial: bytes
    middle: tuple[bytes, ...]
    final: bytes


class Extensible(NamedTuple):
    """A value by a matching rule, of an attribute or of all; with `isInName`, also one in the entry's name."""

    rule: str | None
    attribute: str | None
    value: bytes
    isInName: bool = False


Filter = Combined | Compared | Present | Substrings | Extensible


def escape_value(value: str | bytes) -> str:
    """A value as it may stand in the text of a filter."""
    value = value.encode() if isinstance(value, str) else value
    return _SPECIAL.sub(lambda found: b"\\%02x" % ord(found[0]), value).decode("ascii")


def _unescaped(text: str) -> bytes:
    return _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), text.encode())


def parseFilter(text: str) -> Filter:
    """Read a filter. Without parentheses around it, it is read as if it had them. Raises ValueError with the column."""
    text = text.strip(" ")
    text = text if text.startswith("(") else f"({text})"
    found, end = _parse(text, 0, 1)
    if end != len(text):
        raise ValueError(f"a filter ends before column {end + 1} of {text[:80]!r}")
    if size_of(found) > MOST_ITEMS:
        raise ValueError(f"a filter has at most {MOST_ITEMS} parts")
    return found


def _parse(text: str, at: int, depth: int) -> tuple[Filter, int]:
    if depth > MOST_DEPTH:
        raise ValueError(f"a filter nests at most {MOST_DEPTH} deep")
    operator = text[at + 1 : at + 2]
    if text[at : at + 1] != "(" or operator not in ("&", "|", "!"):
        return _parse_item(text, at)
    parts, at = [], _after_blanks(text, at + 2)
    while text[at : at + 1] == "(":
        part, at = _parse(text, at, depth + 1)
        parts.append(part)
        at = _after_blanks(text, at)
    if text[at : at + 1] != ")" or (operator == "!" and len(parts) != 1):
        raise ValueError(f"filters in parentheses and a ) belong before column {at + 1} of {text[:80]!r}")
    return Combined(operator, tuple(parts)), at + 1


def _after_blanks(text: str, at: int) -> int:
    while text[at : at + 1] == " ":
        at += 1
    return at


def _parse_item(text: str, at: int) -> tuple[Filter, int]:
    found = _ITEM.match(text, at + 1)
    if text[at : at + 1] != "(" or found is None:
        raise ValueError(f"a filter such as (cn=A*) belongs at column {at + 1} of {text[:80]!r}")
    attribute, operator, dn, rule, value = found.group("attribute", "operator", "dn", "rule", "value")
    if operator is None:
        if not attribute and not rule:
            raise ValueError(f"an attribute or a rule belongs at column {at + 2} of {text[:80]!r}")
        return Extensible(rule, attribute or None, _unescaped(value), bool(dn)), found.end()
    if not attribute:
        raise ValueError(f"an attribute belongs at column {at + 2} of {text[:80]!r}")
    if operator != "=" or "*" not in value:
        return Compared(attribute, operator, _unescaped(value)), found.end()
    if value == "*":
        return Present(attribute), found.end()
    initial, *middle, final = map(_unescaped, value.split("*"))
    if b"" in middle:
        raise ValueError(f"two * stand side by side in {value[:80]!r}")
    return Substrings(attribute, initial, tuple(middle), final), found.end()


def as_text(filter: Filter) -> str:
    """The text of a filter."""
    match filter:
        case Combined(operator, parts):
            return f"({operator}{''.join(map(as_text, parts))})"
        case Present(attribute):
            return f"({attribute}=*)"
        case Compared(attribute, operator, value):
            return f"({attribute}{operator}{escape_value(value)})"
        case Substrings(attribute, initial, middle, final):
            return f"({attribute}={'*'.join(map(escape_value, (initial, *middle, final)))})"
        case Extensible(rule, attribute, value, isInName):
            return f"({attribute or ''}{':dn' * isInName}{f':{rule}' if rule else ''}:={escape_value(value)})"


def size_of(filter: Filter) -> int:
    """How many filters are in it, itself included."""
    parts = sum(map(size_of, filter.filters)) if isinstance(filter, Combined) else 0
    return 1 + parts + (len(filter.middle) if isinstance(filter, Substrings) else 0)


# --- bytes

_SUBSTRINGS, _PRESENT, _EXTENSIBLE = 0xA4, 0x87, 0xA9
_OPERATORS = {0xA0: "&", 0xA1: "|", 0xA2: "!", 0xA3: "=", 0xA5: ">=", 0xA6: "<=", 0xA8: "~="}
_TAGS = {operator: tag for tag, operator in _OPERATORS.items()}
_PAIR = record(0xA3, tuple_of := lambda *values: values, STRING, OCTETS)
_PART = Kind(None, lambda part: wrap(*part), lambda whole: next(elements(whole)))
_PARTS = record(_SUBSTRINGS, tuple_of, STRING, listed(0x30, _PART))
_RULE = record(
    _EXTENSIBLE,
    Extensible,
    STRING.at(0x81).optional(),
    STRING.at(0x82).optional(),
    OCTETS.at(0x83),
    BOOLEAN.at(0x84).optional(False),
)


def _encode(filter: Filter) -> bytes:
    match filter:
        case Combined(operator, parts):
            return wrap(_TAGS[operator], b"".join(map(_encode, parts)))
        case Present(attribute):
            return wrap(_PRESENT, attribute.encode())
        case Compared(attribute, operator, value):
            return _PAIR.at(_TAGS[operator]).dump((attribute, value))
        case Substrings(attribute, initial, middle, final):
            ends = [(0x80, initial), *((0x81, one) for one in middle), (0x82, final)]
            return _PARTS.dump((attribute, [part for part in ends if part[1]]))
        case Extensible():
            return _RULE.dump(filter)


def _decode(whole: bytes) -> Filter:
    found = _decode_element(*next(elements(whole)), 1)
    if size_of(found) > MOST_ITEMS:
        raise BERError(f"a filter has at most {MOST_ITEMS} parts")
    return found


def _decode_element(tag: int, content: bytes, depth: int) -> Filter:
    if depth > MOST_DEPTH:
        raise BERError(f"a filter nests at most {MOST_DEPTH} deep")
    operator = _OPERATORS.get(tag, "")
    if operator in ("&", "|", "!"):
        parts = tuple(_decode_element(*part, depth + 1) for part in elements(content))
        if operator == "!" and len(parts) != 1:
            raise BERError("one filter belongs into a NOT")
        return Combined(operator, parts)
    if operator:
        attribute, value = _PAIR.decode(content)
        return Compared(attribute, operator, value)
    if tag == _PRESENT:
        return Present(STRING.decode(content))
    if tag == _EXTENSIBLE:
        return _RULE.decode(content)  # type: ignore[no-any-return]  # a record's class is what it makes
    if tag == _SUBSTRINGS:
        return _decode_parts(*_PARTS.decode(content))
    raise BERError(f"there is no filter with tag {tag}")


def _decode_parts(attribute: str, parts: tuple[tuple[int, bytes], ...]) -> Substrings:
    tags = [tag for tag, _ in parts]
    is_known = {*tags} <= {0x80, 0x81, 0x82} and tags.count(0x80) < 2 and tags.count(0x82) < 2
    if not parts or tags != sorted(tags) or not is_known:
        raise BERError("substrings are a beginning, parts, and an end, in this order")
    by_tag = dict(parts)
    middle = tuple(value for tag, value in parts if tag == 0x81)
    return Substrings(attribute, by_tag.get(0x80, b""), middle, by_tag.get(0x82, b""))


FILTER = Kind(None, _encode, _decode)
