"""Calls and answers of XML-RPC: bytes to values and back.

The standard library does both; what it lets through is refused here. In what comes: entities, document types, numbers
and dates that are none, more than the limits. In what goes: characters that XML can't carry, NaN, and objects, which
the standard library would send with all their attributes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.parsers.expat import ExpatError
from xmlrpc.client import Fault, Marshaller, ResponseError, Unmarshaller, escape

from reactor.extras import installed_by

with installed_by("tutorial-of-doom[xmlrpc]"):
    from defusedxml.common import DefusedXmlException
    from defusedxml.xmlrpc import DefusedExpatParser


class BadMessage(ResponseError):
    """Bytes that are no call, or no answer."""

    __str__ = Exception.__str__  # the standard library's shows the name of the class


@dataclass(frozen=True)
class Limits:
    """How much a message may hold. bytes: unpacked. depth: arrays and structs around a value. values: in all."""

    bytes: int = 1024 * 1024
    depth: int = 64
    values: int = 100_000

    def exceeded(self) -> BadMessage:
        """What to raise for more."""
        return BadMessage(f"a message holds at most {self.values} values, {self.depth} deep")


class _Open(list[int]):
    """Arrays and structs that have begun: where the standard library puts each as it begins."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def append(self, mark: int) -> None:
        if len(self) >= self._limits.depth:
            raise self._limits.exceeded()
        super().append(mark)


def _checked(pattern: str, take: Callable[[Any, str], None]) -> Callable[[Any, str], None]:
    matches = re.compile(pattern).fullmatch

    def end(reader: _Reader, text: str) -> None:
        if matches(text.strip()) is None:
            raise BadMessage(f"{text[:40]!r} is no number or date")
        take(reader, text.strip())

    return end


_INTEGER = _checked("[+-]?[0-9]{1,19}", Unmarshaller.end_int)
_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"


class _Reader(Unmarshaller):
    """Takes no more than the limits. The standard library calls what is in `dispatch` at the end of each element."""

    def __init__(self, limits: Limits, use_datetime: bool) -> None:
        super().__init__(use_datetime=use_datetime)
        self._limits, self._values = limits, 0
        self._marks = _Open(limits)

    def _end_value(self, text: str) -> None:
        self._values += 1
        if self._values > self._limits.values:
            raise self._limits.exceeded()
        self.end_value(text)

    def _end_double(self, text: str) -> None:
        if not math.isfinite(float(text)):
            raise BadMessage(f"{text[:40]!r} is more than a double holds")
        self.end_double(text)

    dispatch: dict[str, Any] = {  # noqa: RUF012  # as the base class has it
        **Unmarshaller.dispatch,
        **dict.fromkeys(("i1", "i2", "i4", "i8", "int", "biginteger"), _INTEGER),
        **dict.fromkeys(("double", "float"), _checked(_NUMBER, _end_double)),
        "bigdecimal": _checked(_NUMBER, Unmarshaller.end_bigdecimal),
        "dateTime.iso8601": _checked("[0-9TZ:.+-]{1,40}", Unmarshaller.end_dateTime),  # an answer would repeat any text
        "value": _end_value,
    }


def loads(body: bytes, limits: Limits, use_datetime: bool = False) -> tuple[tuple[Any, ...], str | None]:
    """The values of a message, and the procedure's name, which an answer hasn't.

    Raises BadMessage for what is neither; the Fault, of an answer that is one.
    """
    reader = _Reader(limits, use_datetime)
    try:
        parser = DefusedExpatParser(reader, forbid_dtd=True)
        parser.feed(body)
        parser.close()
        values, name = reader.close(), reader.getmethodname()
        if name is None and len(values) != 1:
            raise BadMessage(f"an answer has one value, not {len(values)}")
        return values, name
    except (Fault, BadMessage):
        raise
    except (ExpatError, DefusedXmlException) as problem:
        raise BadMessage(f"XML that isn't taken: {problem}") from problem
    except Exception as problem:  # whatever the standard library meets in bytes that it doesn't expect
        raise BadMessage("no XML-RPC") from problem


class _Writer(Marshaller):
    """Writes what any reader understands."""

    def _double(self, value: float, write: Callable[[str], object]) -> None:
        if not math.isfinite(value):
            raise ValueError(f"XML-RPC has no {value}")
        self.dump_double(value, write)

    def _object(self, value: object, write: Callable[[str], object]) -> None:
        raise TypeError(f"cannot marshal {type(value)} objects: send a dictionary of what may be seen")

    dispatch: dict[Any, Any] = {**Marshaller.dispatch, float: _double, "_arbitrary_instance": _object}  # noqa: RUF012


_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def dumps(values: tuple[Any, ...] | Fault, name: str | None = None, allow_none: bool = False) -> bytes:
    """A call of the procedure `name`; without a name an answer, of one value or a Fault.

    Raises TypeError, ValueError or OverflowError for what can't be sent, such as integers of more than 32 bits.
    """
    root, head = ("methodResponse", "") if name is None else ("methodCall", f"<methodName>{escape(name)}</methodName>")
    text = f'<?xml version="1.0"?>\n<{root}>{head}\n{_Writer(allow_none=allow_none).dumps(values)}</{root}>\n'
    if found := _NO_XML.search(text):
        raise ValueError(f"XML can't carry the character {found[0]!r}: send bytes")
    return text.replace("\r", "&#13;").encode("utf-8")  # readers take a bare one for a line's end
