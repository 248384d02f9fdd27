"""LDIF (RFC 2849): entries as text.

    dn: cn=Ann,ou=people,o=Doom
    objectClass: person
    cn: Ann
    sn:: w4RuZGVyc3Nvbg==

A value that isn't plain ASCII is in base64, behind two colons. URLs, as in `photo:< file:///…`, are refused: whoever
wrote the text would choose what we read. So are changes (`changetype: …`): this is for what is, not for what happens.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator

from reactor.ldap.messages import Entry

_PLAIN = re.compile(rb"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )")
_LINE = re.compile(r"([A-Za-z0-9.;_-]+):(:?) *(?!<)(.*)", re.DOTALL)
_WIDTH = 76
RESERVED = {"dn", "version", "changetype", "control"}  # words of LDIF itself, no attributes


def _folded(name: str, value: bytes) -> str:
    is_plain = _PLAIN.fullmatch(value)
    text = f" {value.decode()}" if is_plain else f": {base64.b64encode(value).decode()}"
    line = f"{name}:{text}"
    rest = (line[at : at + _WIDTH - 1] for at in range(_WIDTH, len(line), _WIDTH - 1))
    return "\n ".join([line[:_WIDTH], *rest])


def write(entries: Iterable[Entry]) -> Iterator[str]:
    """Entries as text, a piece for each."""
    for name, attributes in entries:
        pairs = [("dn", name.encode()), *((kind, value) for kind, values in attributes for value in values)]
        yield "\n".join(_folded(*pair) for pair in pairs) + "\n\n"


def read(text: str) -> Iterator[Entry]:
    """The entries in a text. Raises ValueError that names the line."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate([*text.replace("\r\n", "\n").split("\n"), ""], 1):
        if line.startswith(" ") and lines:
            lines[-1] = (lines[-1][0], lines[-1][1] + line[1:])
        elif line:
            lines.append((number, line))
        else:
            pairs = [(number, *_pair(number, line)) for number, line in lines if not line.startswith("#")]
            pairs, lines = pairs[pairs[:1] != [] and pairs[0][1] == "version" :], []
            if pairs:
                yield _entry(pairs)


def _pair(number: int, line: str) -> tuple[str, bytes]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"line {number}: {line[:60]!r} isn't NAME: VALUE or NAME:: BASE64")
    try:
        return found[1], base64.b64decode(found[3], validate=True) if found[2] else found[3].encode()
    except binascii.Error:
        raise ValueError(f"line {number}: {found[3][:60]!r} isn't base64") from None


def _entry(rows: list[tuple[int, str, bytes]]) -> Entry:
    (number, head, name), *rest = rows
    if head.lower() != "dn" or (rest and rest[0][1].lower() in ("changetype", "control")):
        raise ValueError(f"line {number}: an entry begins with dn: and has attributes, no changes")
    found: dict[str, tuple[str, list[bytes]]] = {}
    for _, kind, value in rest:
        found.setdefault(kind.lower(), (kind, []))[1].append(value)
    return Entry(name.decode(), tuple((kind, tuple(values)) for kind, values in found.values()))
