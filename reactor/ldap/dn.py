"""Distinguished names (RFC 4514): where an entry stands in the tree, the leaf first, as in `cn=Ann,ou=people,o=Doom`.

A name is a tuple of relative names, and each of these a tuple of (type, value): mostly one, several in `cn=Ann+uid=7`.
Build names from parts: `DistinguishedName([[("cn", value)]])`, or with `escape`; a value put into text by itself can
climb to another place of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from reactor.ldap.ber import OCTETS, BERError
from reactor.ldap.schema import canonical, normal_value

MOST_PAIRS = 256  # of all relative names together
RDN = tuple[tuple[str, str], ...]
Key = tuple[str, ...]

_TYPE = re.compile(r" *([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+) *= *")
_VALUE = re.compile(r'#((?:[0-9A-Fa-f]{2})+) *|((?:[^\\"+,;<>\0]|\\(?:[0-9A-Fa-f]{2}|[ "#+,;<=>\\]))*)')
_ESCAPED = re.compile(rb"\\([0-9A-Fa-f]{2}|.)", re.DOTALL)
_SPECIAL = re.compile(r'[\\"+,;<>=\0\r\n]|^[ #]| $')


def escape(value: str) -> str:
    """A value as it may stand in the text of a name."""
    return _SPECIAL.sub(lambda found: "".join(f"\\{byte:02x}" for byte in found[0].encode()), value)


def _unescaped(text: str) -> str:
    kept = text.lstrip(" ")
    bare = kept.rstrip(" ")
    if len(bare) < len(kept) and bare.endswith("\\") and (len(bare) - len(bare.rstrip("\\"))) % 2:
        bare += " "  # an escaped space at the end
    octets = _ESCAPED.sub(lambda it: bytes.fromhex(it[1].decode()) if len(it[1]) == 2 else it[1], bare.encode())
    return octets.decode("utf-8")


def _parse(text: str) -> Iterable[RDN]:
    at, rdn = 0, []
    for _ in range(MOST_PAIRS):
        kind = _TYPE.match(text, at)
        value = kind and _VALUE.match(text, kind.end())
        if not kind or not value or (value[1] is None and not value[2]):
            raise ValueError(f"{text[:80]!r} is no name such as cn=Ann,o=Doom: see column {at + 1}")
        try:
            whole = _unescaped(value[2]) if value[1] is None else OCTETS.load(bytes.fromhex(value[1])).decode("utf-8")
        except (BERError, UnicodeDecodeError):
            raise ValueError(f"the value at column {kind.end() + 1} of {text[:80]!r} is no text") from None
        rdn.append((kind[1], whole))
        at = value.end() + 1
        if text[value.end() : at] != "+":
            yield tuple(rdn)
            rdn = []
        if at > len(text):
            return
        if text[at - 1] not in "+,;":
            raise ValueError(f"{text[:80]!r} is no name such as cn=Ann,o=Doom: see column {at}")
    raise ValueError(f"a name has at most {MOST_PAIRS} values")


class DistinguishedName:
    """A name. Two are equal if they are the same to a directory, whatever their capitals and spaces.

    source: text, another name, or relative names, the leaf first. Raises ValueError for text that is no name.
    rdns: the relative names. key: what is compared; that of the parent is key[1:].
    """

    __slots__ = ("key", "rdns")

    MOST_RDNS = 128

    def __init__(self, source: str | DistinguishedName | Iterable[Iterable[tuple[str, str]]] = ()) -> None:
        if isinstance(source, DistinguishedName):
            source = source.rdns
        elif isinstance(source, str):
            source = _parse(source) if source.strip(" ") else ()
        self.rdns: tuple[RDN, ...] = tuple(tuple(rdn) for rdn in source)
        if len(self.rdns) > self.MOST_RDNS or not all(self.rdns):
            raise ValueError(f"a name has at most {self.MOST_RDNS} parts, and none is empty")
        self.key: Key = tuple(map(_key, self.rdns))

    def getText(self) -> str:
        """The text of it."""
        return ",".join("+".join(f"{kind}={escape(value)}" for kind, value in rdn) for rdn in self.rdns)

    __str__ = getText

    def __repr__(self) -> str:
        return f"DistinguishedName({self.getText()!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DistinguishedName) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def up(self) -> DistinguishedName:
        """The parent's name."""
        return DistinguishedName(self.rdns[1:])

    def contains(self, other: DistinguishedName) -> bool:
        """Whether `other` is this, or stands below it."""
        return len(other.key) >= len(self.key) and other.key[len(other.key) - len(self.key) :] == self.key


def _key(rdn: RDN) -> str:
    parts = []
    for kind, value in rdn:
        try:
            normal = str(normal_value(kind, value.encode()))
        except ValueError:
            normal = value
        parts.append(f"{canonical(kind)}={normal}".replace("\0", "\0\0"))  # one alone is between two parts
    return "\0".join(sorted(parts))
