"""What a client reads: responses, in the shapes that Twisted gives them. No connection here.

    response = tag SP status / "*" SP ( status / data ) / "+" SP text
    status   = ( "OK" / "NO" / "BAD" / "PREAUTH" / "BYE" ) [ SP "[" code "]" ] SP text
    data     = kind *( SP value ) / number SP kind *( SP value )

A status is text for people, and never has a literal, even if it ends with {5}. Data are given as their pieces: a line,
a literal, a line …
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from reactor.mail.imap4.tokens import Atom, IMAP4Exception, ParseError, Reader, WantsLiteral
from reactor.protocols.excerpts import excerpt

_T = TypeVar("_T")
_STATUS = re.compile(rb"(OK|NO|BAD|PREAUTH|BYE)(?: \[([^\]]*)\])?(?: (.*))?\Z", re.IGNORECASE | re.DOTALL)
_SECTION = re.compile(rb"([A-Z.]+)\[([^ \]]*)(?: \((.*)\))?\](<\d+>)?\Z", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(rb'"([^"]*)"|([^ "]+)')


class _Reader(Reader):
    """Takes from servers what they are not to be sent, rather than leave a letter there for ever."""

    deepest = 200  # a list for each part in a part, and dovecot has a hundred
    takes_NUL = True


class IllegalServerResponse(IMAP4Exception):
    """What the server says is no IMAP, or has no end."""


class NegativeResponse(IMAP4Exception):
    """The server says NO or BAD. status: which; its text is the argument. code: as in Status."""

    def __init__(self, text: bytes, status: bytes = b"NO", code: Sequence[Any] = ()) -> None:
        super().__init__(text)
        self.status, self.code = status, code


class Status(NamedTuple):
    """name: upper-cased. code: the values in brackets, the first upper-cased; [] if there are none. text: the rest."""

    name: bytes
    code: list[Any]
    text: bytes


def reading(read: Callable[..., _T], *arguments: Any) -> _T:
    """What `read` makes of values that may be others than it expects. Raises IllegalServerResponse if they are."""
    try:
        return read(*arguments)
    except (AttributeError, LookupError, TypeError, ValueError) as problem:
        raise IllegalServerResponse(f"{str(problem)[:80]}, in {excerpt(arguments)}") from problem


def read_status(line: bytes) -> Status | None:
    """Read a line without its tag; None if it's no status."""
    found = _STATUS.match(line)
    if found is None:
        return None
    word, _, rest = (found[2] or b"").partition(b" ")
    try:
        values = read_values([rest])
    except ParseError:
        values = [rest]  # what it means to its inventor
    return Status(found[1].upper(), [word.upper(), *values] if word else [], found[3] or b"")


def read_values(pieces: Sequence[bytes]) -> list[Any]:
    """Read values up to the end: bytes, None for NIL, lists. Raises ParseError."""
    found: list[Any] = []
    reader = _Reader(pieces, most=2**63)
    while True:
        while reader.skip(b" "):
            pass
        if reader.at_end():
            return found
        try:
            found.append(reader.value())
        except WantsLiteral:
            raise ParseError("a literal is announced where none can be") from None


def read_data(pieces: Sequence[bytes]) -> tuple[bytes, list[Any]]:
    """Read data without its `*`. Returns its kind, such as b"FETCH", and all its values. Raises ParseError."""
    values = read_values(pieces)
    for word in values[:2]:
        if isinstance(word, Atom) and not word.isdigit():
            return word.upper(), values
    raise ParseError("data begin with a word, or with a number and a word")


def text(value: Any) -> Any:
    """Bytes as str, a character a byte; also those in lists."""
    if isinstance(value, list):
        return [text(each) for each in value]
    return value.decode("latin-1") if isinstance(value, bytes) else value


def read_flags(flags: Iterable[bytes]) -> tuple[str, ...]:
    """A list of flags."""
    return tuple(flag.decode("latin-1") for flag in flags)


def read_delimiter(mark: bytes | None) -> str | None:
    """What separates the parts of a mailbox's name; None: nothing does."""
    return None if mark is None else mark.decode("latin-1")


def read_selected(codes: Iterable[list[Any]]) -> dict[str, Any]:
    """What a server says of a mailbox, such as [b"UIDNEXT", b"5"] and [b"5", b"EXISTS"]."""
    found: dict[str, Any] = {}
    for code in codes:
        if code[:1] in ([b"READ-ONLY"], [b"READ-WRITE"]):
            found["READ-WRITE"] = code[0] == b"READ-WRITE"
        elif code[-1:] in ([b"EXISTS"], [b"RECENT"]):
            found[text(code[1])] = int(code[0])
        elif code[:1] in ([b"FLAGS"], [b"PERMANENTFLAGS"]):
            found[text(code[0])] = read_flags(code[1])
        elif code and code[0] in (b"HIGHESTMODSEQ", b"UIDNEXT", b"UIDVALIDITY", b"UNSEEN"):
            found[text(code[0])] = int(code[1])
    return found


def read_capabilities(words: Iterable[bytes]) -> dict[bytes, Any]:
    """As Twisted has them: AUTH=PLAIN is {b"AUTH": [b"PLAIN"]}, and IDLE is {b"IDLE": None}."""
    found: dict[bytes, list[bytes | None]] = {}
    for word in words:
        name, mark, value = word.partition(b"=")
        found.setdefault(name, []).append(value if mark else None)
    return {name: None if values == [None] else values for name, values in found.items()}


def _item(name: bytes) -> list[Any]:
    """A FETCH item as Twisted has it: BODY[HEADER (A)]<0> is ["BODY", ["HEADER", ["A"]], "<0>"]."""
    found = _SECTION.match(name)
    if found is None:
        return [text(name).upper()]
    section = [text(found[2])] if found[2] else []
    if found[3] is not None:
        section.append([text(quoted or plain) for quoted, plain in _WORD.findall(found[3])])
    return [text(found[1]).upper(), section, *([text(found[4])] if found[4] else [])]


def _key(item: Any) -> Any:
    return tuple(map(_key, item)) if isinstance(item, list) else item


def read_items(pairs: list[Any]) -> tuple[dict[Any, Any], list[Any]]:
    """What FETCH says about a message: by item, and all in a row."""
    found, row = {}, []
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        item = _item(name)
        found[item[0] if len(item) == 1 else _key(item)] = text(value)
        row += [*item, text(value)]
    return found, row
