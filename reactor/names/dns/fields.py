"""The kinds of fields that the data of records is made of. A record's class lists its fields, and that is all it takes.

Each kind knows four things: how to read a value, how to write it, what a program may give for it (`given`), and how
people are shown it (`shown`). Only the types of RFC 1035 have compressed names. Of the younger ones some are
read with pointers, because they were sent so once (RFC 3597 §4); none is written so, and none of the newest is read so.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from reactor.names.dns.naming import domainString, str2time
from reactor.names.dns.wire import Encodable, Reader, Writer
from reactor.names.error import DNSDecodeError


class Name(Encodable):
    """The name of a domain. name: bytes, without the dot at the end. Case is kept, and doesn't count in comparisons."""

    __slots__ = ("name",)

    def __init__(self, name: bytes | str = b"") -> None:
        self.name = domainString(name)

    def read(self, reader: Reader) -> None:
        self.name = reader.name()

    def write(self, writer: Writer) -> None:
        writer.name(self.name)

    def _compared(self) -> bytes:
        return self.name.lower()

    def __str__(self) -> str:
        return self.name.decode("ascii", "backslashreplace")

    def __repr__(self) -> str:
        return f"Name({self.name!r})"


class Charstr(Encodable):
    """A string of at most 255 bytes."""

    __slots__ = ("string",)

    def __init__(self, string: bytes = b"") -> None:
        if not isinstance(string, bytes):
            raise ValueError(f"{string!r} is not a byte string")
        self.string = string

    def read(self, reader: Reader) -> None:
        self.string = reader.string()

    def write(self, writer: Writer) -> None:
        writer.string(self.string)

    def _compared(self) -> bytes:
        return self.string

    def __str__(self) -> str:
        return self.string.decode("ascii", "backslashreplace")

    def __repr__(self) -> str:
        return f"Charstr({self.string!r})"


def text_of_bytes(value: bytes) -> str:
    """Bytes that mostly are text, for people."""
    return repr(value)[1:]


@dataclass(frozen=True)
class Kind:
    """A kind of field. default: what a program gets that gives nothing."""

    read: Callable[[Reader], Any]
    write: Callable[[Writer, Any], None]
    given: Callable[[Any], Any] = lambda value: value
    shown: Callable[[Any], object] = str
    default: Any = 0


def _kind_of(cls: type[Name] | type[Charstr]) -> Kind:
    """The kind of field whose values are of a class; a program may give what that is made of."""

    def read(reader: Reader) -> Encodable:
        value = cls.__new__(cls)
        value.read(reader)
        return value

    def given(value: Any) -> Encodable:
        return value if isinstance(value, cls) else cls(value)

    return Kind(read, lambda writer, value: value.write(writer), given, default=b"")


NAME = _kind_of(Name)
WHOLE_NAME = replace(NAME, write=lambda writer, value: writer.name(value.name, compressed=False))
"""A name that is written in full, and read with pointers too."""
NEW_NAME = replace(WHOLE_NAME, read=lambda reader: Name(reader.name(compressed=False)))
"""A name that is never compressed."""

U8 = Kind(Reader.u8, Writer.u8, int)
U16 = Kind(Reader.u16, Writer.u16, int)
U32 = Kind(Reader.u32, Writer.u32, int)
SECONDS = Kind(Reader.u32, Writer.u32, str2time)
U48 = Kind(
    lambda reader: int.from_bytes(reader.take(6), "big"),
    lambda writer, value: writer.out.extend(value.to_bytes(6, "big")),
    default=None,
)


def _read_strings(reader: Reader) -> list[bytes]:
    strings = []
    while reader.at < reader.end:
        strings.append(reader.string())
    return strings


def _write_strings(writer: Writer, strings: list[bytes]) -> None:
    for string in strings:
        writer.string(string)


def _bytes(writer: Writer, value: bytes) -> None:
    writer.out += value


STRING = Kind(Reader.string, Writer.string, shown=text_of_bytes, default=b"")
CHARSTR = _kind_of(Charstr)
STRINGS = Kind(
    _read_strings, _write_strings, shown=lambda value: f"[{', '.join(map(text_of_bytes, value))}]", default=()
)
REST = Kind(Reader.rest, _bytes, shown=text_of_bytes, default=b"")


def _read_counted(reader: Reader) -> bytes:
    return reader.take(reader.u16())


def _write_counted(writer: Writer, value: bytes) -> None:
    writer.u16(len(value))
    writer.out += value


COUNTED = Kind(_read_counted, _write_counted, shown=text_of_bytes, default=b"")
"""Bytes, with their number in two bytes before them."""


def packed_address(family: int, value: str | bytes) -> bytes:
    """An address as bytes, from what people write. Raises OSError when it is none."""
    text = value.decode("ascii") if isinstance(value, bytes) else value
    return socket.inet_aton(text) if family == socket.AF_INET else socket.inet_pton(family, text)


IPV4 = Kind(
    lambda reader: reader.take(4),
    _bytes,
    lambda value: packed_address(socket.AF_INET, value),
    socket.inet_ntoa,
    "0.0.0.0",
)
IPV6 = Kind(
    lambda reader: reader.take(16),
    _bytes,
    lambda value: packed_address(socket.AF_INET6, value),
    lambda value: socket.inet_ntop(socket.AF_INET6, value),
    "::",
)


def _read_windows(reader: Reader) -> list[int]:
    """The types in a bitmap (RFC 4034 §4.1.2)."""
    types: list[int] = []
    last = -1
    while reader.at < reader.end:
        window, size = reader.u8(), reader.u8()
        if window <= last or not 0 < size <= 32:
            raise DNSDecodeError(f"a bitmap of types has a window {window} of {size} bytes after window {last}")
        last = window
        for number, byte in enumerate(reader.take(size)):
            types += [window << 8 | number << 3 | bit for bit in range(8) if byte & 0x80 >> bit]
    return types


def _write_windows(writer: Writer, types: list[int]) -> None:
    windows: dict[int, bytearray] = {}
    for number in sorted(types):
        bits = windows.setdefault(number >> 8, bytearray())
        place = (number & 0xFF) >> 3
        bits.extend(bytes(place + 1 - len(bits)))
        bits[place] |= 0x80 >> (number & 7)
    for window, bits in windows.items():
        writer.u8(window)
        writer.string(bytes(bits))


TYPES = Kind(_read_windows, _write_windows, list, default=())


def _read_parameters(reader: Reader) -> dict[int, bytes]:
    """Keys and values, keys in ascending order (RFC 9460 §2.2)."""
    found: dict[int, bytes] = {}
    last = -1
    while reader.at < reader.end:
        key = reader.u16()
        if key <= last:
            raise DNSDecodeError(f"parameter {key} of a service stands after {last}")
        found[key] = _read_counted(reader)
        last = key
    return found


def _write_parameters(writer: Writer, parameters: dict[int, bytes]) -> None:
    for key in sorted(parameters):
        writer.u16(key)
        _write_counted(writer, parameters[key])


PARAMETERS = Kind(_read_parameters, _write_parameters, dict, default=())
