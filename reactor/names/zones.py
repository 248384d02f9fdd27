"""A zone, and what it answers (RFC 1034 §4.3.2, RFC 4592 for wildcards, RFC 6672 for DNAME, RFC 4035 for signed zones).

Looking a name up goes down from the top of the zone. Where it comes by a delegation, the answer is a referral; where
by a DNAME, an alias. If the name is there, its records answer; if not, a wildcard beside the way down may stand for it;
and else there is no such name. Aliases are followed within the zone, sixteen at most.

A signed zone is signed elsewhere: its RRSIG, NSEC and NSEC3 records are served to who asks with DO, and not made here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from reactor.names import dns
from reactor.names.common import MOST_ALIASES
from reactor.names.dns.naming import is_subdomain, labels_of, parent_of, wildcard_below, without_last_dot
from reactor.names.nsec3 import Hashing

Node = dict[int, list[dns.RRHeader]]
_BRINGS_ADDRESSES = (dns.NS, dns.MX, dns.SRV)


@dataclass
class Reply:
    """What a zone says to a question. auth: whether it is its own word, and not a referral."""

    rCode: int = dns.OK
    auth: bool = True
    answers: list[dns.RRHeader] = field(default_factory=list)
    authority: list[dns.RRHeader] = field(default_factory=list)
    additional: list[dns.RRHeader] = field(default_factory=list)


def canonical(name: bytes) -> list[bytes]:
    """By this names are sorted in a signed zone (RFC 4034 §6.1)."""
    return [label.lower() for label in reversed(labels_of(name))]


class Zone:
    """The records of one zone.

    origin: its name, in small letters. soa: its first record. nodes: name in small letters → type → records; also
    names that have none, but names below them.
    Raises ValueError when there isn't just one SOA, or a record is of another zone.
    """

    def __init__(self, records: Iterable[dns.RRHeader]) -> None:
        everything = list(records)
        starts = [record for record in everything if record.type == dns.SOA]
        if len({record.payload for record in starts}) != 1:
            raise ValueError(f"a zone has one SOA record, and here are {len(starts)}")
        self.soa = starts[0]
        assert isinstance(self.soa.payload, dns.Record_SOA)
        self.start = self.soa.payload
        self.origin = without_last_dot(self.soa.name.name).lower()
        self.nodes: dict[bytes, Node] = {}
        known: set[tuple[Any, ...]] = set()
        for record in everything:
            self._add(record, known)
        self._chain = sorted((name for name in self.nodes if dns.NSEC in self.nodes[name]), key=canonical)
        self._keys = [canonical(name) for name in self._chain]
        hashed = self.nodes[self.origin].get(dns.NSEC3PARAM)
        self._hashing = Hashing(self.origin, self.nodes, hashed[0]) if hashed else None

    @property
    def serial(self) -> int:
        """Which edition of the zone this is."""
        return self.start.serial

    def _add(self, record: dns.RRHeader, known: set[tuple[Any, ...]]) -> None:
        name = without_last_dot(record.name.name).lower()
        if not is_subdomain(name, self.origin):
            raise ValueError(f"{record!r} does not belong to the zone {self.origin!r}")
        record.auth = True
        kept = self.nodes.setdefault(name, {}).setdefault(record.type, [])
        # A name may have many records, sent by who means harm: so they are not compared with one another. A payload's
        # hash leaves the TTL out.
        same = (name, record.type, record.payload, getattr(record.payload, "ttl", None))
        if same not in known:
            known.add(same)
            kept.append(record)
        while name != self.origin and (name := parent_of(name)) not in self.nodes:
            self.nodes[name] = {}

    def records(self) -> Iterator[dns.RRHeader]:
        """All records, the SOA first."""
        yield self.soa
        for node in self.nodes.values():
            for kind, records in node.items():
                if kind != dns.SOA:
                    yield from records

    def answer(self, name: bytes, kind: int, wants_signatures: bool = False) -> Reply:
        """What the zone says about a name that is in it. kind: of the records wanted."""
        return _Answering(self, kind, wants_signatures).along(without_last_dot(name))

    def closest(self, name: bytes) -> bytes:
        """The name itself if it is there, or else the nearest one above it that is."""
        while name not in self.nodes:
            name = parent_of(name)
        return name

    def proof(self, name: bytes) -> list[dns.RRHeader]:
        """What proves which types a name has, or that neither it nor a wildcard is there. Unsigned zones: []."""
        kind = dns.NSEC
        if self._hashing is not None:
            kind, places = dns.NSEC3, self._hashing.proof(name)
        elif dns.NSEC in self.nodes.get(name, {}):
            places = [name]
        elif self._chain:
            places = sorted({self._before(name), self._before(wildcard_below(self.closest(name)))}, key=canonical)
        else:
            return []
        return [one for place in places for one in _set(self.nodes[place], kind, True)]

    def _before(self, name: bytes) -> bytes:
        """The last name with an NSEC record that does not come after this one."""
        return self._chain[bisect_right(self._keys, canonical(name)) - 1]


class _Answering:
    """One question to a zone, along its aliases. kind: of the records wanted. signed: whether with what proves them."""

    def __init__(self, zone: Zone, kind: int, signed: bool) -> None:
        self._zone, self._nodes = zone, zone.nodes
        self._kind = kind
        self._signed = signed
        self._reply = Reply()

    def along(self, name: bytes) -> Reply:
        """The reply about a name, and about those that it is an alias of."""
        reply = self._reply
        for _ in range(MOST_ALIASES):
            alias = self._step(name, name.lower())
            if alias is None:
                break
            name = without_last_dot(alias)
            if not is_subdomain(name, self._zone.origin) or any(one.name == dns.Name(name) for one in reply.answers):
                break
        if reply.answers and not reply.rCode:
            self._add_addresses(reply.answers, self._signed)
        return reply

    def _step(self, name: bytes, wanted: bytes) -> bytes | None:
        """Look one name up. Returns the name that it is an alias of, if it is."""
        above = self._above(wanted)
        if above is not None:
            if dns.DNAME in self._nodes[above]:
                return self._redirect(above, name)
            self._refer(above)
            return None
        if wanted in self._nodes:
            return self._take(self._nodes[wanted], name)
        wildcard = self._nodes.get(wildcard_below(self._zone.closest(wanted)))
        if wildcard is not None:
            return self._take(wildcard, name, is_wildcard=True)
        self._reply.rCode = dns.ENAME
        self._say_no(wanted)
        return None

    def _above(self, wanted: bytes) -> bytes | None:
        """The highest place between the zone's top and the name where another zone begins, or names have moved from."""
        origin = self._zone.origin
        found, at = None, wanted
        while at != origin:
            node = self._nodes.get(at, {})
            is_cut = dns.NS in node and (at != wanted or self._kind != dns.DS)
            if is_cut or (dns.DNAME in node and at != wanted):
                found = at
            at = parent_of(at)
        has_moved = dns.DNAME in self._nodes[origin] and wanted != origin
        return origin if has_moved else found

    def _take(self, node: Node, name: bytes, is_wildcard: bool = False) -> bytes | None:
        """Answer with the records of a node, under this name, which isn't there when the node is a wildcard's."""
        is_alias = dns.CNAME in node and self._kind not in (dns.CNAME, dns.ALL_RECORDS, dns.NSEC, dns.RRSIG)
        kind = dns.CNAME if is_alias else self._kind
        if kind == dns.ALL_RECORDS:
            kind = next((one for one in node if one not in (dns.RRSIG, dns.NSEC)), kind)  # one set does (RFC 8482 §4.1)
        if kind not in node:
            self._say_no(name.lower())
            return None
        self._reply.answers += _named(name, _set(node, kind, self._signed))
        if is_wildcard:
            self._prove(name.lower())
        alias = node[kind][0].payload
        return alias.name.name if is_alias and isinstance(alias, dns.Record_CNAME) else None

    def _refer(self, cut: bytes) -> None:
        """Say who has the zone below."""
        node, reply = self._nodes[cut], self._reply
        reply.auth = bool(reply.answers)
        servers = [dns.RRHeader(one.name.name, dns.NS, one.cls, one.ttl, one.payload) for one in node[dns.NS]]
        reply.authority += servers
        if self._signed and dns.DS in node:
            reply.authority += _set(node, dns.DS, True)
        else:
            self._prove(cut)
        self._add_addresses(servers, False)

    def _redirect(self, above: bytes, name: bytes) -> bytes | None:
        """Everything below this place has moved: add the DNAME, and the alias that it means for this name."""
        moved = self._nodes[above][dns.DNAME][0]
        assert isinstance(moved.payload, dns.Record_DNAME)
        kept = labels_of(name)[: -len(labels_of(above)) or None]
        alias = name[: len(name) - len(above)] + moved.payload.name.name
        self._reply.answers += _set(self._nodes[above], dns.DNAME, self._signed)
        if sum(map(len, kept)) + len(kept) + len(moved.payload.name.name) + 1 > 254:
            self._reply.rCode = 6  # YXDOMAIN: it would be too long
            return None
        alias_record = dns.Record_CNAME(alias, ttl=moved.ttl)
        self._reply.answers.append(dns.RRHeader(name, dns.CNAME, dns.IN, moved.ttl, alias_record, auth=True))
        return alias

    def _say_no(self, name: bytes) -> None:
        """Add what says for how long there is nothing (RFC 2308), and what proves it."""
        zone = self._zone
        ttl = min(zone.soa.ttl, zone.start.minimum)
        start = [zone.soa, *(_signatures(self._nodes[zone.origin], dns.SOA) if self._signed else ())]
        self._reply.authority += [one.with_ttl(min(ttl, one.ttl)) for one in start]
        self._prove(name)

    def _prove(self, name: bytes) -> None:
        authority = self._reply.authority
        if self._signed:
            authority += [one for one in self._zone.proof(name) if one not in authority]

    def _add_addresses(self, records: Sequence[dns.RRHeader], signed: bool) -> None:
        """Add the addresses of the hosts that these records name, if they are in the zone."""
        additional = self._reply.additional
        for record in records:
            if record.type not in _BRINGS_ADDRESSES:
                continue
            host = getattr(record.payload, "target", None) or getattr(record.payload, "name", None)
            node = self._nodes.get(without_last_dot(host.name).lower(), {}) if host is not None else {}
            for kind in (dns.A, dns.AAAA):
                if kind in node:
                    additional += [one for one in _set(node, kind, signed) if one not in additional]


def _set(node: Node, kind: int, signed: bool) -> list[dns.RRHeader]:
    """The records of one type, and their signatures."""
    return [*node[kind], *(_signatures(node, kind) if signed else ())]


def _named(name: bytes, records: list[dns.RRHeader]) -> list[dns.RRHeader]:
    """These records under this name, as it was asked for; a wildcard's own name is nobody's."""
    if records[0].name.name == name:
        return records
    return [dns.RRHeader(name, one.type, one.cls, one.ttl, one.payload, auth=True) for one in records]


def _signatures(node: Node, kind: int) -> list[dns.RRHeader]:
    return [
        one
        for one in node.get(dns.RRSIG, ())
        if isinstance(one.payload, dns.Record_RRSIG) and one.payload.typeCovered == kind
    ]
