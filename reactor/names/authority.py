"""Zones as resolvers: from a file of Python, or a zone file as BIND and all others read it (RFC 1035 §5)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from reactor.defer import Deferred, fail, succeed
from reactor.extras import installed_by
from reactor.failure import Failure
from reactor.names import dns
from reactor.names.common import Answer, ResolverBase, Timeout
from reactor.names.dns.naming import escaped, is_subdomain, without_last_dot
from reactor.names.dns.records import from_wire
from reactor.names.dns.wire import Reader
from reactor.names.error import AuthoritativeDomainError, DomainError
from reactor.names.primary import Journal
from reactor.names.zones import Reply, Zone


class FileAuthority(ResolverBase):
    """A resolver that has a zone. A subclass sets `zone`, or `soa` and `records`, in `loadFile`.

    zone: None while there is none. journal: what has changed, for who has an older edition.
    soa: the zone's name, and its Record_SOA. records: name, in small letters → its records; their `ttl` may be None.
    """

    soa: tuple[bytes, dns.Record_SOA] | None = None
    records: dict[bytes, list[dns.Record]] | None = None
    editions = 0  # of all zones of the program: each change counts
    _zone: Zone | None = None

    def __init__(self, filename: Any) -> None:
        super().__init__()
        self.journal = Journal()
        self.loadFile(filename)

    def loadFile(self, filename: Any) -> None:
        """Read the file. Raises ValueError for one that can't be read; OSError."""

    @property
    def origin(self) -> bytes | None:
        """The zone's name, in small letters; None while it isn't known."""
        return without_last_dot(self.soa[0]).lower() if self.soa is not None else None

    @property
    def zone(self) -> Zone | None:
        """The zone; None while there is none. Assign another one to serve that."""
        if self._zone is None and self.soa is not None and self.records is not None:
            self._zone = Zone(self._headers())
        return self._zone

    @zone.setter
    def zone(self, zone: Zone | None) -> None:
        before, self._zone = self._zone, zone
        FileAuthority.editions += 1
        if before is not None and zone is not None:
            self.journal.note(before, zone)
        if zone is None:
            self.records = None
        else:
            self.soa = (zone.origin, zone.start)
            self.records = {
                name: [one.payload for records in node.values() for one in records if one.payload is not None]
                for name, node in zone.nodes.items()
                if node
            }

    def _headers(self) -> list[dns.RRHeader]:
        assert self.soa is not None and self.records is not None
        origin, start = self.soa
        usual = max(start.minimum, start.expire)  # Twisted's rule
        found: list[tuple[bytes, dns.Record]] = []
        if start not in self.records.get(origin.lower(), []):
            found.append((origin, start))
        found += [(name, record) for name, records in self.records.items() for record in records]
        return [
            dns.RRHeader(name, record.TYPE or 0, dns.IN, usual if record.ttl is None else record.ttl, record, auth=True)
            for name, record in found
        ]

    def reply(self, name: bytes, kind: int, wants_signatures: bool = False) -> Reply | None:
        """What the zone says about a name; None when there is no zone, or it is another one's. A server asks this."""
        zone = self.zone
        if zone is None or not is_subdomain(name, zone.origin):
            return None
        return zone.answer(name, kind, wants_signatures)

    def _lookup(self, name: bytes, cls: int, type: int, timeout: Timeout) -> Deferred[Answer]:
        reply = self.reply(name, type)
        if reply is None:
            return fail(Failure(DomainError(name)))
        if reply.rCode:
            return fail(Failure(AuthoritativeDomainError(name)))
        return succeed((reply.answers, reply.authority, reply.additional))

    def lookupZone(self, name: str | bytes, timeout: Timeout = 10) -> Deferred[Answer]:
        """All records, the SOA first and last; fails with DomainError for another zone's name."""
        zone = self.zone
        if zone is None or without_last_dot(dns.domainString(name)).lower() != zone.origin:
            return fail(Failure(DomainError(name)))
        return succeed(([*zone.records(), zone.soa], (), ()))


class PySourceAuthority(FileAuthority):
    """A zone from a program that sets `zone` to a list of records:

        zone = [
            SOA("example.org", mname="ns1.example.org", rname="root.example.org", serial=1, refresh="1H", …),
            A("www.example.org", "192.0.2.1"),
        ]

    The file is run, so it must be as trusted as the program that reads it.
    """

    def loadFile(self, filename: Any) -> None:
        """Run the file. Raises ValueError when it has no zone, and whatever it raises."""
        with open(filename, encoding="utf-8") as file:
            code = compile(file.read(), os.fspath(filename), "exec")
        found: dict[str, Any] = {}
        exec(code, self.setupConfigNamespace(), found)
        if "zone" not in found:
            raise ValueError(f"No zone defined in {filename}")
        self.records = {}
        for name, record in found["zone"]:
            if isinstance(record, dns.Record_SOA):
                self.soa = (name, record)
            self.records.setdefault(name.lower(), []).append(record)
        if self.soa is None:
            raise ValueError(f"{filename}: the zone has no SOA record")

    def wrapRecord(self, type: Callable[..., dns.Record]) -> Callable[..., tuple[bytes, dns.Record]]:
        """A function that makes a pair of a name and a record of this type."""

        def wrapRecordFunc(name: str | bytes, *values: Any, **named: Any) -> tuple[bytes, dns.Record]:
            return dns.domainString(name), type(*values, **named)

        return wrapRecordFunc

    def setupConfigNamespace(self) -> dict[str, Any]:
        """What the file can use: a function for each type of record."""
        return {
            name.removeprefix("Record_"): self.wrapRecord(getattr(dns, name))
            for name in dns.__all__
            if name.startswith("Record_")
        }


class BindAuthority(FileAuthority):
    """A zone from a zone file. $INCLUDE is refused: a zone that somebody sent must not read other files.

    origin: the zone's name; if left out, it is the name of the file, as in Twisted, unless $ORIGIN says otherwise.
    """

    def __init__(self, filename: Any, origin: str | bytes | None = None) -> None:
        self._given = origin
        super().__init__(filename)

    def loadFile(self, filename: Any) -> None:
        """Read the file. Raises ValueError that says file and line, and OSError."""
        with installed_by("tutorial-of-doom[names]"):
            import dns.exception as exceptions
            import dns.zone as zones

        path = os.fsdecode(filename)
        origin = dns.domainString(self._given or os.path.basename(path)).decode("ascii")
        with open(path, encoding="utf-8") as file:
            try:
                read = zones.from_file(file, origin=origin, filename=path, relativize=False, allow_include=False)
            except (exceptions.DNSException, ValueError) as problem:
                raise ValueError(f"{path} is no zone file: {problem}") from problem
        self.zone = Zone(_record(*one) for one in read.iterate_rdatas())


def _record(name: Any, ttl: int, data: Any) -> dns.RRHeader:
    """A record of ours, from one of dnspython's."""
    owner = b".".join(map(escaped, name.labels[:-1]))
    wire = data.to_wire()
    payload = from_wire(data.rdtype, Reader(wire), len(wire), ttl)
    return dns.RRHeader(owner, int(data.rdtype), dns.IN, ttl, payload, auth=True)
