"""Questions, records, and the messages that carry them (RFC 1035 §4, RFC 6891).

A message that is longer than it may be loses whole records from its end, never a part of one, and says so by `trunc`;
what is merely additional goes without a word (RFC 2181 §9). A message whose counts promise more than its bytes hold is
refused, unless it says itself that it was cut.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any, ClassVar, SupportsInt

from reactor.names.dns import codes
from reactor.names.dns.codes import IN, OK, OPT, QUERY_CLASSES, type_name
from reactor.names.dns.fields import Name
from reactor.names.dns.records import Record, UnknownRecord, from_wire, record_type
from reactor.names.dns.wire import HEADER_BYTES, Encodable, Reader, Writer
from reactor.names.error import DNSDecodeError

_LONGEST_BYTES = 0xFFFF
_HEADER = struct.Struct("!H2B4H")
_AFTER_NAME = struct.Struct("!HHIH")


class Query(Encodable):
    """A question. name: a Name. type: of the records wanted, such as `dns.MX`. cls: `dns.IN`."""

    __slots__ = ("cls", "name", "type")

    def __init__(self, name: bytes | str = b"", type: int = codes.A, cls: int = IN) -> None:
        self.name = Name(name)
        self.type = type
        self.cls = cls

    def read(self, reader: Reader) -> None:
        self.name = Name(reader.name())
        self.type, self.cls = reader.u16(), reader.u16()

    def write(self, writer: Writer) -> None:
        writer.name(self.name.name)
        writer.u16(self.type)
        writer.u16(self.cls)

    def _compared(self) -> tuple[bytes, int, int]:
        return self.name.name.lower(), self.type, self.cls

    def __lt__(self, other: object) -> bool:
        return self._compared() < other._compared() if isinstance(other, Query) else NotImplemented

    def __str__(self) -> str:
        return f"<Query {self.name} {type_name(self.type)} {QUERY_CLASSES.get(self.cls, f'CLASS{self.cls}')}>"

    def __repr__(self) -> str:
        return f"Query({self.name.name!r}, {self.type!r}, {self.cls!r})"


class RRHeader(Encodable):
    """A record: whose it is, its type and class, how many seconds it may be kept, and what it holds.

    payload: a Record of this type. auth: whether it comes from who must know.
    Raises ValueError for a payload of another type, and a negative TTL.
    """

    __slots__ = ("auth", "cls", "name", "payload", "rdlength", "ttl", "type")

    def __init__(
        self,
        name: bytes | str = b"",
        type: int = codes.A,
        cls: int = IN,
        ttl: SupportsInt = 0,
        payload: Record | None = None,
        auth: bool = False,
    ) -> None:
        if payload is not None and payload.TYPE not in (None, type):
            theirs = type_name(payload.TYPE or 0)
            raise ValueError(f"Payload type ({theirs}) does not match given type ({type_name(type)})")
        if int(ttl) < 0:
            raise ValueError("TTL cannot be negative")
        self.name = Name(name)
        self.type = type
        self.cls = cls
        self.ttl = int(ttl)
        self.payload = payload
        self.auth = auth
        self.rdlength: int | None = None

    def read(self, reader: Reader) -> None:
        """All but the payload."""
        self.name = Name(reader.name())
        self.type, self.cls, ttl, self.rdlength = _AFTER_NAME.unpack(reader.take(10))
        self.ttl = 0 if ttl >= 1 << 31 and self.type != OPT else ttl  # RFC 2181 §8; OPT has flags there

    def write(self, writer: Writer) -> None:
        writer.name(self.name.name)
        writer.out += _AFTER_NAME.pack(self.type, self.cls, self.ttl, 0)
        start = len(writer.out)
        if self.payload is not None:
            self.payload.write(writer)
            size = len(writer.out) - start
            if size > _LONGEST_BYTES:
                raise ValueError(f"{self!r} has {size} bytes of data, and may have {_LONGEST_BYTES}")
            writer.out[start - 2 : start] = size.to_bytes(2, "big")

    def isAuthoritative(self) -> bool:
        """Whether it comes from who must know."""
        return self.auth

    def with_ttl(self, ttl: int) -> RRHeader:
        """The same, to be kept for so many seconds."""
        return RRHeader(self.name.name, self.type, self.cls, ttl, self.payload, self.auth)

    def _compared(self) -> tuple[object, ...]:
        return self.name, self.type, self.cls, self.ttl, self.payload, self.auth

    __hash__ = None  # type: ignore[assignment]  # as Twisted's: it compares by what can change

    def __repr__(self) -> str:
        cls = QUERY_CLASSES.get(self.cls, f"CLASS{self.cls}")
        return (
            f"<RR name={self.name} type={type_name(self.type)} class={cls} ttl={self.ttl}s "
            f"auth={'True' if self.auth else 'False'}>"
        )

    __str__ = __repr__


@dataclass
class OPTHeader:
    """What a message says of its sender by EDNS: how long an answer may be in a datagram, DO, and options by number."""

    udpPayloadSize: int = 1232  # bytes that no network cuts in two, agreed on by DNS flag day 2020
    extendedRCODE: int = 0
    version: int = 0
    dnssecOK: bool = False
    options: list[tuple[int, bytes]] = field(default_factory=list)

    @classmethod
    def fromRRHeader(cls, header: RRHeader) -> OPTHeader:
        """Read the record that carries it. Raises DNSDecodeError."""
        reader, options = Reader(header.payload.to_wire() if header.payload else b""), []
        while reader.at < reader.end:
            code = reader.u16()
            options.append((code, reader.take(reader.u16())))
        return cls(header.cls, header.ttl >> 24, header.ttl >> 16 & 0xFF, bool(header.ttl & 0x8000), options)

    def toRRHeader(self) -> RRHeader:
        """The record that carries it."""
        data = b"".join(struct.pack("!HH", code, len(value)) + value for code, value in self.options)
        ttl = self.extendedRCODE << 24 | self.version << 16 | self.dnssecOK << 15
        return RRHeader(b"", OPT, self.udpPayloadSize, ttl, UnknownRecord(data))


class Message(Encodable):
    """A message: flags, questions, and three lists of records.

    id: which answer belongs to which question. answer: whether it is one. opCode: `dns.OP_QUERY` … auth: whether who
    answers must know. trunc: whether it was cut to fit. recDes, recAv: recursion is desired, available.
    rCode: how it went, `dns.OK` … maxSize: how many bytes it may have on the wire; 0 for as many as there can be.
    """

    compareAttributes: ClassVar[tuple[str, ...]] = (
        *("id", "answer", "opCode", "recDes", "recAv", "auth", "rCode", "trunc", "maxSize"),
        *("authenticData", "checkingDisabled", "queries", "answers", "authority", "additional"),
    )
    headerSize = HEADER_BYTES
    timeReceived: float | None = None
    wire: bytes | None = None  # what it was read from, by a protocol
    address: Any = None  # where that came from; None over TCP
    last_record_at = 0  # where in that its last record begins, which may sign it
    session: Any = None  # signs the answer: see tsig.Session
    options: OPTHeader | None = None  # what it says by EDNS, when a server has read that
    cookie = b""  # that the answer to it has

    def __init__(
        self,
        id: int = 0,
        answer: int = 0,
        opCode: int = codes.OP_QUERY,
        recDes: int = 0,
        recAv: int = 0,
        auth: int = 0,
        rCode: int = OK,
        trunc: int = 0,
        maxSize: int = 512,
        authenticData: int = 0,
        checkingDisabled: int = 0,
    ) -> None:
        self.id = id
        self.answer, self.opCode, self.recDes, self.recAv = answer, opCode, recDes, recAv
        self.auth, self.rCode, self.trunc, self.maxSize = auth, rCode, trunc, maxSize
        self.authenticData, self.checkingDisabled = authenticData, checkingDisabled
        self.queries: list[Query] = []
        self.answers: list[RRHeader] = []
        self.authority: list[RRHeader] = []
        self.additional: list[RRHeader] = []

    def addQuery(self, name: str | bytes, type: int = codes.ALL_RECORDS, cls: int = IN) -> None:
        """Ask this, too."""
        self.queries.append(Query(name, type, cls))

    def edns(self) -> OPTHeader | None:
        """What it says by EDNS, or None. Raises DNSDecodeError when it says two things, or garbage."""
        found = [record for record in self.additional if record.type == OPT]
        if len(found) > 1:
            raise DNSDecodeError(f"{len(found)} OPT records, and there may be one")
        return OPTHeader.fromRRHeader(found[0]) if found else None

    # --- writing

    def write(self, writer: Writer) -> None:
        """The whole message. Sets `trunc` when it was cut."""
        most = min(self.maxSize or _LONGEST_BYTES, _LONGEST_BYTES) - writer.before
        start = len(writer.out)
        writer.out += bytes(HEADER_BYTES)
        options = [record for record in self.additional if record.type in (OPT, codes.TSIG)]
        last = Writer()
        for record in options:
            record.write(last)
        room = most - len(last.out)
        counts = [_fill(writer, room, self.queries), _fill(writer, room, self.answers)]
        counts.append(_fill(writer, room, self.authority) if counts[1] == len(self.answers) else 0)
        if counts != [len(self.queries), len(self.answers), len(self.authority)]:
            self.trunc = 1
        fitting = 0 if self.trunc else _fill(writer, room, [one for one in self.additional if one not in options])
        writer.out += last.out
        writer.out[start : start + HEADER_BYTES] = self._header(*counts, fitting + len(options))

    def _header(self, *counts: int) -> bytes:
        first = (self.answer & 1) << 7 | (self.opCode & 15) << 3 | (self.auth & 1) << 2
        second = (self.recAv & 1) << 7 | (self.authenticData & 1) << 5 | (self.checkingDisabled & 1) << 4
        first |= (self.trunc & 1) << 1 | self.recDes & 1
        return _HEADER.pack(self.id, first, second | self.rCode & 15, *counts)

    def toStr(self) -> bytes:
        """The message as bytes. Raises ValueError for what can't be written."""
        writer = Writer({})
        self.write(writer)
        return bytes(writer.out)

    def encode(self, strio: IO[bytes], compDict: dict[bytes, int] | None = None) -> None:
        strio.write(self.toStr())

    # --- reading

    def read(self, reader: Reader) -> None:
        self.maxSize = 0
        self.id, first, second, *counts = _HEADER.unpack(reader.take(HEADER_BYTES))
        self.answer, self.opCode, self.auth = first >> 7, first >> 3 & 15, first >> 2 & 1
        self.trunc, self.recDes, self.recAv = first >> 1 & 1, first & 1, second >> 7
        self.authenticData, self.checkingDisabled, self.rCode = second >> 5 & 1, second >> 4 & 1, second & 15
        self.queries, self.answers, self.authority, self.additional = [], [], [], []
        try:
            for _ in range(counts[0]):
                query = Query.__new__(Query)
                query.read(reader)
                self.queries.append(query)
            for section, count in zip((self.answers, self.authority, self.additional), counts[1:], strict=True):
                self._read_records(reader, section, count)
        except DNSDecodeError:
            if not self.trunc:
                raise
            reader.at = reader.end = len(reader.wire)  # it was cut: what it holds has been read

    def _read_records(self, reader: Reader, section: list[RRHeader], count: int) -> None:
        auth = bool(self.auth)
        for _ in range(count):
            self.last_record_at = reader.at
            record = RRHeader.__new__(RRHeader)
            record.auth = auth
            record.read(reader)
            record.payload = from_wire(record.type, reader, record.rdlength or 0, record.ttl)
            section.append(record)

    def fromStr(self, str: bytes) -> None:
        """Become what these bytes say. Raises DNSDecodeError."""
        self.read(Reader(str))

    def decode(self, strio: IO[bytes], length: int | None = None) -> None:
        super().decode(strio if strio.tell() == 0 else BytesIO(strio.read()), length)

    def lookupRecordType(self, type: int) -> type[Record]:
        """The class for a type of record."""
        return record_type(type)

    def _compared(self) -> list[Any]:
        return [getattr(self, name) for name in self.compareAttributes]

    __hash__ = None  # type: ignore[assignment]  # it compares by what can change

    def __repr__(self) -> str:
        flags = [name for name in _FLAGS if getattr(self, name)]
        unusual = [name for name, usual in _USUAL.items() if getattr(self, name) != usual]
        shown = [f"id={self.id}", *(f"{name}={getattr(self, name)!r}" for name in unusual)]
        shown += [f"flags={','.join(flags)}"] if flags else []
        shown += [f"{name}={getattr(self, name)!r}" for name in _SECTIONS if getattr(self, name)]
        return f"<Message {' '.join(shown)}>"


_FLAGS = ("answer", "auth", "trunc", "recDes", "recAv", "authenticData", "checkingDisabled")
_USUAL = {"opCode": codes.OP_QUERY, "rCode": OK, "maxSize": 512}
_SECTIONS = ("queries", "answers", "authority", "additional")


def _fill(writer: Writer, room: int, entries: Iterable[Query | RRHeader]) -> int:
    """Write as many as there is room for, in bytes. Returns how many."""
    written = 0
    for entry in entries:
        mark = len(writer.out)
        entry.write(writer)
        if len(writer.out) > room:
            del writer.out[mark:]
            _forget(writer, mark)
            break
        written += 1
    return written


def _forget(writer: Writer, mark: int) -> None:
    """Point to no name that was taken back."""
    if writer.names is not None:
        writer.names = {name: at for name, at in writer.names.items() if at < mark + writer.before}
