"""Bytes to values and back: a cursor over a received message, and a message that grows.

Names are the hard part. A name may end in a pointer to an earlier place, where its rest stands already (RFC 1035
§4.1.4),

    pointer = 11 then 14 bits: an offset from the start of the message

and whoever writes the packet chooses where it points. Three rules keep a reader from going in circles, or from
working for long: a pointer leads backwards only, from the place where the name that holds it begins; a name has at
most 255 bytes; and what stands at a pointer's target is read once for each message, so that thousands of names that
point at the same chain cost one walk. Whatever breaks a rule raises DNSDecodeError, and nothing else does.

On the way out, `Writer` remembers where each name stands that it has written, with its case, and points there.
"""

from __future__ import annotations

import struct
from typing import IO, Any

from reactor.names.dns.naming import escaped, labels_of, parent_of, without_last_dot
from reactor.names.error import DNSDecodeError

HEADER_BYTES = 12
_MOST_NAME_BYTES = 255  # on the wire, with the length of each label and the zero at the end
_MOST_POINTERS = 127  # of one name: a name has at most as many labels, and each may stand somewhere else
_FURTHEST = 0x3FFF

_U16 = struct.Struct("!H")
_U32 = struct.Struct("!I")


class Reader:
    """A cursor over a message. at: where it stands. end: it may not read beyond that."""

    __slots__ = ("_tails", "at", "end", "wire")

    def __init__(self, wire: bytes, at: int = 0) -> None:
        self.wire = wire
        self.at = at
        self.end = len(wire)
        self._tails: dict[int, tuple[bytes, int]] = {}  # target of a pointer → name there, its bytes when written out

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        at = self.at
        after = at + count
        if after > self.end or count < 0:
            raise DNSDecodeError(f"{count} bytes should stand at {at}, and there are {self.end - at}")
        self.at = after
        return self.wire[at:after]

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(self.end - self.at)

    def u8(self) -> int:
        """The next byte, as a number."""
        return self.take(1)[0]

    def u16(self) -> int:
        """The next two bytes, as a number."""
        return int.from_bytes(self.take(2), "big")

    def u32(self) -> int:
        """The next four bytes, as a number."""
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        """A string with its length in a byte before it."""
        return self.take(self.u8())

    def name(self, compressed: bool = True) -> bytes:
        """A name, without the dot at its end. compressed: whether it may have a pointer."""
        text, _, self.at = self._name_at(self.at, 0 if compressed else _MOST_POINTERS)
        return text

    def _name_at(self, start: int, pointers: int) -> tuple[bytes, int, int]:
        """The name that begins there: its text, its bytes on the wire when written out, and the place after it."""
        wire, at, end, size = self.wire, start, self.end, 1
        labels: list[bytes] = []
        while True:
            if at >= end:
                raise DNSDecodeError(f"the name at {start} does not end")
            length = wire[at]
            at += 1
            if not length:
                break
            if length >= 0xC0:
                rest, more, at = self._pointed_at(start, at, length, pointers)
                if rest:
                    labels.append(rest)
                size += more - 1
                break
            label = wire[at : at + length]
            at += length
            size += length + 1
            if length > 63 or at > end or size > _MOST_NAME_BYTES:
                raise DNSDecodeError(f"the name at {start} has a label that it can't have: {length} bytes")
            labels.append(escaped(label))
        if size > _MOST_NAME_BYTES:
            raise DNSDecodeError(f"the name at {start} has {size} bytes, and may have {_MOST_NAME_BYTES}")
        return b".".join(labels), size, at

    def _pointed_at(self, start: int, at: int, first: int, pointers: int) -> tuple[bytes, int, int]:
        if at >= self.end:
            raise DNSDecodeError(f"the name at {start} does not end")
        target = (first & 0x3F) << 8 | self.wire[at]
        if target >= start:
            raise DNSDecodeError(f"the name at {start} points to {target}, and pointers lead backwards")
        if pointers >= _MOST_POINTERS:
            raise DNSDecodeError(f"the name at {start} has a pointer too many, or where none may be")
        known = self._tails.get(target)
        if known is None:
            text, size, _ = self._name_at(target, pointers + 1)
            known = self._tails[target] = (text, size)
        return (*known, at + 1)


class Writer:
    """A message that grows.

    names: where in the message each name stands that was written; None to write all names in full.
    before: how many bytes of the message stand before these.
    """

    __slots__ = ("before", "names", "out")

    def __init__(self, names: dict[bytes, int] | None = None, before: int = 0) -> None:
        self.out = bytearray()
        self.names = names
        self.before = before

    def u8(self, value: int) -> None:
        """A number in a byte. Raises ValueError when it has no room; so do the others."""
        self.out.append(value)

    def u16(self, value: int) -> None:
        """A number in two bytes."""
        self._packed(_U16, value)

    def u32(self, value: int) -> None:
        """A number in four bytes."""
        self._packed(_U32, value)

    def _packed(self, form: struct.Struct, value: int) -> None:
        try:
            self.out += form.pack(value)
        except struct.error:
            raise ValueError(f"{value!r} has no room in {form.size} bytes") from None

    def string(self, value: bytes) -> None:
        """A string, with its length in a byte before it."""
        if len(value) > 255:
            raise ValueError(f"a string has at most 255 bytes, and this one {len(value)}: {value[:20]!r}…")
        self.out.append(len(value))
        self.out += value

    def name(self, name: bytes, compressed: bool = True) -> None:
        """A name; its rest as a pointer, where that stands already. Raises ValueError when it is no name."""
        names = self.names if compressed else None
        if names is not None and name in names:  # most are repeated whole
            self.out += _U16.pack(0xC000 | names[name])
            return
        tail = without_last_dot(name)
        for label in labels_of(name):
            if names is not None:
                known = names.get(tail)
                if known is not None:
                    self.out += _U16.pack(0xC000 | known)
                    return
                here = self.before + len(self.out)
                if here <= _FURTHEST:
                    names[tail] = here
                tail = parent_of(tail)
            self.out.append(len(label))
            self.out += label
        self.out.append(0)


class Encodable:
    """What has a form on the wire: `read` and `write` for messages, `decode` and `encode` for files, as in Twisted."""

    __slots__ = ()

    def _compared(self) -> Any:
        """What two of a kind are compared by."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return bool(self._compared() == other._compared()) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._compared())

    def read(self, reader: Reader) -> None:
        """Take the value from where the cursor is, up to its end. Raises DNSDecodeError."""
        raise NotImplementedError

    def write(self, writer: Writer) -> None:
        """Put the value at the end of the message. Raises ValueError for what can't be written."""
        raise NotImplementedError

    def encode(self, strio: IO[bytes], compDict: dict[bytes, int] | None = None) -> None:
        """Write it into a file.

        compDict: name → where in the message it stands; the file is the message without its header. None: no pointers.
        """
        writer = Writer(compDict, strio.tell() + HEADER_BYTES)
        self.write(writer)
        strio.write(writer.out)

    def decode(self, strio: IO[bytes], length: int | None = None) -> None:
        """Read it from a file that can seek, whose start is the message's. length: of a record's data, in bytes.

        Raises DNSDecodeError.
        """
        at = strio.tell()
        strio.seek(0)
        reader = Reader(strio.read(), at)
        if length is not None:
            if at + length > reader.end:
                raise DNSDecodeError(f"{length} bytes should stand at {at}, and there are {reader.end - at}")
            reader.end = at + length
        self.read(reader)
        strio.seek(reader.at)
