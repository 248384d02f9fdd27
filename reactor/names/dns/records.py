"""What records hold, a class a type: its name, which has a number in `codes`, and its fields in the wire's order.

Names, arguments and attributes are Twisted's. The types that came later are in `newer_records`. A type without a class
is an `UnknownRecord`, whose data passes through as it is (RFC 3597).
"""

from __future__ import annotations

import socket
from typing import Any, ClassVar

from reactor.names.dns import codes
from reactor.names.dns.fields import (
    CHARSTR,
    IPV4,
    IPV6,
    NAME,
    REST,
    SECONDS,
    STRING,
    STRINGS,
    U8,
    U16,
    WHOLE_NAME,
    Kind,
    Name,
    packed_address,
)
from reactor.names.dns.naming import str2time
from reactor.names.dns.wire import Encodable, Reader, Writer
from reactor.names.error import DNSDecodeError

_BY_TYPE: dict[int, type[Record]] = {}


def record_type(number: int) -> type[Record]:
    """The class for a type of record."""
    return _BY_TYPE.get(number, UnknownRecord)


class Record(Encodable):
    """What a record holds. Arguments are the fields, by place or by name, and `ttl`: seconds, also as "3H".

    TYPE: its number; the name of the class says it, as in Record_MX, or the class. fields: name and kind of each.
    hidden: fields that `repr` leaves out.
    Raises TypeError for an argument that isn't a field.
    """

    TYPE: int | None = None
    fields: ClassVar[tuple[tuple[str, Kind], ...]] = ()
    hidden: ClassVar[tuple[str, ...]] = ()
    fancybasename = ""
    ttl: Any = None

    def __init_subclass__(cls) -> None:
        cls.fancybasename = cls.__name__.removeprefix("Record_")
        if cls.fancybasename in codes.REV_TYPES:
            cls.TYPE = codes.REV_TYPES[cls.fancybasename]
        if cls.TYPE is not None and "TYPE" in vars(cls):
            _BY_TYPE[cls.TYPE] = cls

    def __init__(self, *values: Any, ttl: str | bytes | int | None = None, **named: Any) -> None:
        if len(values) > len(self.fields):  # the one that follows the fields is the TTL
            *values, ttl = values  # type: ignore[assignment]  # a list does as well
        given = dict(zip((name for name, _ in self.fields), values, strict=False)) | named
        for name, kind in self.fields:
            setattr(self, name, kind.given(given.pop(name, kind.default)))
        if given or len(values) > len(self.fields):
            raise TypeError(f"{type(self).__name__} has no {next(iter(given), values[-1:])!r}")
        self.ttl = str2time(ttl)

    def read(self, reader: Reader) -> None:
        for name, kind in self.fields:
            setattr(self, name, kind.read(reader))

    def write(self, writer: Writer) -> None:
        for name, kind in self.fields:
            kind.write(writer, getattr(self, name))

    def to_wire(self) -> bytes:
        """The data alone, with names in full."""
        writer = Writer()
        self.write(writer)
        return bytes(writer.out)

    def canonical(self) -> bytes:
        """The data with names in small letters, by which DNSSEC and sets of records compare (RFC 4034 §6.2)."""
        writer = Writer()
        for name, kind in self.fields:
            value = getattr(self, name)
            kind.write(writer, Name(value.name.lower()) if isinstance(value, Name) else value)
        return bytes(writer.out)

    def _compared(self) -> tuple[object, ...]:
        return (*(getattr(self, name) for name, _ in self.fields), self.ttl)

    def __hash__(self) -> int:
        return hash((type(self), repr(self._compared()[:-1]).lower()))

    def __repr__(self) -> str:
        shown = [f"{name}={kind.shown(getattr(self, name))}" for name, kind in self.fields if name not in self.hidden]
        return f"<{' '.join((self.fancybasename, *shown, f'ttl={self.ttl}'))}>"

    __str__ = __repr__


def from_wire(number: int, reader: Reader, size: int, ttl: int) -> Record:
    """The record whose data of `size` bytes stands at the cursor. Raises DNSDecodeError unless it is just as long."""
    message_ends, after = reader.end, reader.at + size
    if after > message_ends:
        raise DNSDecodeError(f"a record at {reader.at} should hold {size} bytes, and the message ends")
    cls = record_type(number)
    record = cls.__new__(cls)
    record.ttl = ttl
    reader.end = after
    record.read(reader)
    reader.end = message_ends
    if reader.at != after:
        raise DNSDecodeError(f"{codes.type_name(number)} at {reader.at}: {after - reader.at} bytes are left over")
    return record


class UnknownRecord(Record):
    """A record of a type that has no class. data: bytes."""

    fields = (("data", REST),)


UnknownRecord.fancybasename = "UNKNOWN"


class SimpleRecord(Record):
    """A record that is one name. name: a Name."""

    fields = (("name", NAME),)
    name: Name


class Record_NS(SimpleRecord):
    """A server that has the zone."""


class Record_MD(SimpleRecord):
    """A mail destination; obsolete."""


class Record_MF(SimpleRecord):
    """A mail forwarder; obsolete."""


class Record_CNAME(SimpleRecord):
    """The true name of an alias."""


class Record_MB(SimpleRecord):
    """The host of a mailbox; experimental."""


class Record_MG(SimpleRecord):
    """A member of a mail group; experimental."""


class Record_MR(SimpleRecord):
    """The new name of a mailbox; experimental."""


class Record_PTR(SimpleRecord):
    """The name that belongs to an address."""


class Record_DNAME(SimpleRecord):
    """Where all names below this one have gone (RFC 6672)."""

    fields = (("name", WHOLE_NAME),)


class Record_A(Record):
    """An IPv4 address. address: its four bytes; a program gives text."""

    fields = (("address", IPV4),)
    address: bytes

    def dottedQuad(self) -> str:
        """The address, as people write it."""
        return socket.inet_ntoa(self.address)


class Record_AAAA(Record):
    """An IPv6 address. address: its sixteen bytes; a program gives text."""

    fields = (("address", IPV6),)
    address: bytes


class Record_SOA(Record):
    """The start of a zone: who answers for it, which edition it is, and how long secondaries and caches may keep it."""

    fields = (
        *(("mname", NAME), ("rname", NAME), ("serial", SECONDS), ("refresh", SECONDS)),
        *(("retry", SECONDS), ("expire", SECONDS), ("minimum", SECONDS)),
    )
    mname: Name
    rname: Name
    serial: int
    refresh: int
    retry: int
    expire: int
    minimum: int


class Record_NULL(Record):
    """Anything at all; experimental."""

    fields = (("payload", REST),)


class Record_WKS(Record):
    """The well-known services of a host; obsolete."""

    fields = (("address", IPV4), ("protocol", U8), ("map", REST))
    hidden = ("map",)


class Record_HINFO(Record):
    """What a host is; today it answers ANY (RFC 8482). Case doesn't count."""

    fields = (("cpu", STRING), ("os", STRING))
    cpu: bytes
    os: bytes

    def _compared(self) -> tuple[object, ...]:
        return self.cpu.lower(), self.os.lower(), self.ttl


class Record_MINFO(Record):
    """Who answers for a mailing list; experimental."""

    fields = (("rmailbx", NAME), ("emailbx", NAME))


class Record_MX(Record):
    """A host that takes mail. name: of the host, `exchange` for a program; the lowest preference is tried first."""

    fields = (("preference", U16), ("name", NAME))
    preference: int
    name: Name

    def __init__(self, *values: Any, **named: Any) -> None:
        if "exchange" in named:
            named["name"] = named.pop("exchange")
        super().__init__(*values, **named)


class Record_TXT(Record):
    """Text. data: a list of strings of at most 255 bytes."""

    fields = (("data", STRINGS),)
    data: list[bytes]

    def __init__(self, *data: bytes, ttl: str | bytes | int | None = None) -> None:
        super().__init__(list(data), ttl=ttl)


class Record_SPF(Record_TXT):
    """Who may send mail for a domain; obsolete, it is in TXT now."""


class Record_RP(Record):
    """Who is responsible (RFC 1183)."""

    fields = (("mbox", WHOLE_NAME), ("txt", WHOLE_NAME))


class Record_AFSDB(Record):
    """A server of AFS (RFC 1183)."""

    fields = (("subtype", U16), ("hostname", WHOLE_NAME))


class Record_SRV(Record):
    """A host and port of a service (RFC 2782). The lowest priority is tried first, by weight among equals."""

    fields = (("priority", U16), ("weight", U16), ("port", U16), ("target", WHOLE_NAME))
    priority: int
    weight: int
    port: int
    target: Name

    def __repr__(self) -> str:  # Twisted's order
        first = f"priority={self.priority} weight={self.weight} target={self.target}"
        return f"<SRV {first} port={self.port} ttl={self.ttl}>"

    __str__ = __repr__


class Record_NAPTR(Record):
    """A rule that rewrites a name (RFC 3403)."""

    fields = (
        *(("order", U16), ("preference", U16), ("flags", CHARSTR)),
        *(("service", CHARSTR), ("regexp", CHARSTR), ("replacement", WHOLE_NAME)),
    )


class Record_A6(Record):
    """An IPv6 address in two parts (RFC 2874); historic. suffix: sixteen bytes."""

    prefixLen: int
    suffix: bytes
    prefix: Name

    def __init__(
        self,
        prefixLen: int = 0,
        suffix: bytes | str = "::",
        prefix: bytes | str = b"",
        ttl: str | bytes | int | None = None,
    ) -> None:
        super().__init__(ttl=ttl)
        self.prefixLen = prefixLen
        self.suffix = packed_address(socket.AF_INET6, suffix)
        self.prefix = Name(prefix)

    def _sent(self) -> int:
        """How many bytes of the suffix are sent."""
        return (128 - self.prefixLen + 7) // 8

    def read(self, reader: Reader) -> None:
        self.prefixLen = reader.u8()
        if self.prefixLen > 128:
            raise DNSDecodeError(f"A6 at {reader.at}: a prefix of {self.prefixLen} bits")
        self.suffix = reader.take(self._sent()).rjust(16, b"\0")
        self.prefix = Name(reader.name() if self.prefixLen else b"")

    def write(self, writer: Writer) -> None:
        writer.u8(self.prefixLen)
        writer.out += self.suffix[16 - self._sent() :]
        if self.prefixLen:
            writer.name(self.prefix.name, compressed=False)

    def canonical(self) -> bytes:
        return self.to_wire()

    def _compared(self) -> tuple[object, ...]:
        return self.prefixLen, self.suffix[16 - self._sent() :], self.prefix, self.ttl

    def __repr__(self) -> str:
        suffix = socket.inet_ntop(socket.AF_INET6, self.suffix)
        return f"<A6 {self.prefix} {suffix} ({self.prefixLen}) ttl={self.ttl}>"

    __str__ = __repr__


class Record_SSHFP(Record):
    """The fingerprint of a host's key (RFC 4255)."""

    fields = (("algorithm", U8), ("fingerprintType", U8), ("fingerprint", REST))
    ALGORITHM_RSA, ALGORITHM_DSS, ALGORITHM_ECDSA, ALGORITHM_Ed25519 = 1, 2, 3, 4
    FINGERPRINT_TYPE_SHA1, FINGERPRINT_TYPE_SHA256 = 1, 2
