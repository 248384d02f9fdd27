"""LDIF (RFC 2849): entries as text, and changes of entries.

    dn: cn=Ann,ou=people,o=Doom              dn: cn=Ann,ou=people,o=Doom
    objectClass: person                      changetype: modify
    cn: Ann                                  replace: sn
    sn:: w4RuZGVyc3Nvbg==                    sn: Andersen
                                             -

A value that isn't plain ASCII is in base64, behind two colons. URLs, as in `photo:< file:///…`, are refused: whoever
wrote the text would choose what we read. A change is a Message: a request, as it goes to a server, with its controls.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any

from reactor.ldap.messages import Attributes, Change, Control, Entry, Message, ModDNRequest, ModifyRequest, Op

_PLAIN = re.compile(rb"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )")
_LINE = re.compile(r"([A-Za-z0-9.;_-]+):(:?) *(?!<)(.*)|(-)", re.DOTALL)
_CONTROL = re.compile(r"([\d.]+)(?: +(true|false))?(?:(::?) *(.*))?", re.DOTALL)
_WIDTH = 76
RESERVED = {"dn", "version", "changetype", "control"}  # words of LDIF itself, no attributes
_RENAMED = ("newrdn", "deleteoldrdn", "newsuperior")
Row = tuple[int, str, bytes]  # the line's number, a name, a value; the name "-" ends one change of several


def _folded(name: str, value: bytes) -> str:
    is_plain = _PLAIN.fullmatch(value)
    text = f" {value.decode()}" if is_plain else f": {base64.b64encode(value).decode()}"
    line = f"{name}:{text}"
    rest = (line[at : at + _WIDTH - 1] for at in range(_WIDTH, len(line), _WIDTH - 1))
    return "\n ".join([line[:_WIDTH], *rest])


def _piece(pairs: Iterable[tuple[str, bytes]]) -> str:
    return "".join("-\n" if name == "-" else f"{_folded(name, value)}\n" for name, value in pairs) + "\n"


def _flat(attributes: Attributes) -> Iterator[tuple[str, bytes]]:
    return ((kind, value) for kind, values in attributes for value in values)


def write(entries: Iterable[Entry]) -> Iterator[str]:
    """Entries as text, a piece for each."""
    for name, attributes in entries:
        yield _piece([("dn", name.encode()), *_flat(attributes)])


def write_changes(changes: Iterable[Message]) -> Iterator[str]:
    """Changes as text, a piece for each. Raises ValueError for a message that changes nothing."""
    for message in changes:
        if message.op not in (Op.addRequest, Op.delRequest, Op.modifyRequest, Op.modDNRequest):
            raise ValueError(f"{message.op.name} is no change of an entry")
        name = message.body if isinstance(message.body, str) else message.body[0]
        rows = [("dn", name.encode()), *(("control", _control_text(one)) for one in message.controls)]
        match message.op, message.body:
            case Op.addRequest, (_, attributes):
                rows += [("changetype", b"add"), *_flat(attributes)]
            case Op.delRequest, _:
                rows += [("changetype", b"delete")]
            case Op.modifyRequest, (_, changed):
                rows += [("changetype", b"modify")]
                for how, (kind, values) in changed:
                    rows += [(Change(how).name, kind.encode()), *((kind, value) for value in values), ("-", b"")]
            case Op.modDNRequest, (_, rdn, isOldDeleted, superior):
                given = (rdn.encode(), b"%d" % isOldDeleted, *([] if superior is None else [superior.encode()]))
                rows += [("changetype", b"modrdn"), *zip(_RENAMED, given, strict=False)]
        yield _piece(rows)


def _control_text(control: Control) -> bytes:
    value = b"" if control.value is None else b":: " + base64.b64encode(control.value)
    return f"{control.oid} {'true' if control.isCritical else 'false'}".encode() + value


def read(text: str) -> Iterator[Entry]:
    """The entries in a text. Raises ValueError that names the line, also for changes."""
    for (number, _, name), *rest in _records(text):
        if rest and rest[0][1].lower() in ("changetype", "control"):
            raise ValueError(f"line {number}: an entry begins with dn: and has attributes, no changes")
        yield Entry(_text(number, name), _attributes(rest))


def read_changes(text: str) -> Iterator[Message]:
    """The changes in a text; an entry stands for its being added. A Message's id is the number of the line where it
    begins. Raises ValueError that names the line.
    """
    for (number, _, name), *rest in _records(text):
        count = next((at for at, row in enumerate(rest) if row[1].lower() != "control"), len(rest))
        controls = tuple(_control(*row) for row in rest[:count])
        kind, rows = b"add", rest[count:]
        if rows and rows[0][1].lower() == "changetype":
            kind, rows = rows[0][2].lower(), rows[1:]
        yield Message(number, *_change(number, _text(number, name), kind, rows), controls)


def _change(number: int, name: str, kind: bytes, rows: list[Row]) -> tuple[Op, Any]:
    if kind == b"add" and rows:
        return Op.addRequest, Entry(name, _attributes(rows))
    if kind == b"delete" and not rows:
        return Op.delRequest, name
    if kind == b"modify":
        return Op.modifyRequest, ModifyRequest(name, tuple(_modifications(rows)))
    if kind in (b"modrdn", b"moddn") and tuple(row[1].lower() for row in rows) in (_RENAMED, _RENAMED[:2]):
        rdn, isOldDeleted, *superior = (_text(row[0], row[2]) for row in rows)
        if isOldDeleted in ("0", "1"):
            return Op.modDNRequest, ModDNRequest(name, rdn, isOldDeleted == "1", *superior)
    raise ValueError(f"line {number}: this is no change of the kind {kind[:20]!r} as RFC 2849 has it")


def _modifications(rows: list[Row]) -> Iterator[tuple[int, tuple[str, tuple[bytes, ...]]]]:
    left = iter([*rows, (0, "-", b"")] if rows and rows[-1][1] != "-" else rows)
    for number, how, what in left:
        kind, values = _text(number, what), []
        if how.lower() not in Change.__members__:
            raise ValueError(f"line {number}: a modification begins with one of {', '.join(Change.__members__)}")
        for at, name, value in left:
            if name == "-":
                break
            if name.lower() != kind.lower():
                raise ValueError(f"line {at}: a value of {kind[:60]!r} or - belongs here")
            values.append(value)
        yield Change[how.lower()], (kind, tuple(values))


def _control(number: int, _: str, value: bytes) -> Control:
    found = _CONTROL.fullmatch(_text(number, value))
    if found is None:
        raise ValueError(f"line {number}: a control is an OID, true or false, and a value")
    oid, is_critical, colons, content = found.groups()
    given = None if colons is None else _value(number, content, colons == "::")
    return Control(oid, is_critical == "true", given)


def _records(text: str) -> Iterator[list[Row]]:
    """Each begins with the row of a name."""
    lines: list[tuple[int, list[str]]] = []
    for number, line in enumerate([*text.replace("\r\n", "\n").split("\n"), ""], 1):
        if line.startswith(" ") and lines:
            lines[-1][1].append(line[1:])
        elif line:
            lines.append((number, [line]))
        else:
            joined = ((number, "".join(parts)) for number, parts in lines)
            rows, lines = [_row(*one) for one in joined if not one[1].startswith("#")], []
            rows = rows[rows[:1] != [] and rows[0][1] == "version" :]
            if rows and rows[0][1].lower() != "dn":
                raise ValueError(f"line {rows[0][0]}: an entry begins with dn: and has attributes, no changes")
            if rows:
                yield rows


def _row(number: int, line: str) -> Row:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"line {number}: {line[:60]!r} isn't NAME: VALUE or NAME:: BASE64")
    return (number, "-", b"") if found[4] else (number, found[1], _value(number, found[3], bool(found[2])))


def _value(number: int, text: str, is_base64: bool) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if is_base64 else text.encode()
    except (binascii.Error, ValueError):
        raise ValueError(f"line {number}: {text[:60]!r} isn't base64") from None


def _text(number: int, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise ValueError(f"line {number}: {value[:60]!r} is no text in UTF-8") from None


def _attributes(rows: list[Row]) -> Attributes:
    found: dict[str, tuple[str, list[bytes]]] = {}
    for number, kind, value in rows:
        if kind == "-" or kind.lower() in ("changetype", "control"):
            raise ValueError(f"line {number}: {kind} has no place in an entry")
        found.setdefault(kind.lower(), (kind, []))[1].append(value)
    return tuple((kind, tuple(values)) for kind, values in found.values())
