"""A zone, and what it answers (RFC 1034 §4.3.2, RFC 4592 for wildcards, RFC 6672 for DNAME, RFC 4035 for signed zones).

Looking a name up goes down from the top of the zone. Where it comes by a delegation, the answer is a referral; where
by a DNAME, an alias. If the name is there, its records answer; if not, a wildcard beside the way down may stand for it;
and else there is no such name. Aliases are followed within the zone, sixteen at most.

A signed zone is signed elsewhere: its RRSIG, NSEC and NSEC3 records are served to who asks with DO, and not made here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reactor.names import dns
from reactor.names.common import MOST_ALIASES
from reactor.names.dns.naming import is_subdomain, labels_of, without_last_dot
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


def parent_of(name: bytes) -> bytes:
    """The name without its first label."""
    at = name.find(b".")
    while at > 0 and (at - len(name[:at].rstrip(b"\\"))) % 2:  # this dot is part of a label
        at = name.find(b".", at + 1)
    return name[at + 1 :] if at >= 0 else b""


def canonical(name: bytes) -> list[bytes]:
    """By this names are sorted in a signed zone (RFC 4034 §6.1)."""
    return [label.lower() for label in reversed(labels_of(name))]


class Zone:
    """The records of one zone.

    origin: its name, in small letters. soa: its first record. nodes: name in small letters → type → records.
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
        self._between: set[bytes] = set()  # names without records that have names below them
        for record in everything:
            self._add(record)
        self._chain = sorted((name for name in self.nodes if dns.NSEC in self.nodes[name]), key=canonical)
        self._keys = [canonical(name) for name in self._chain]
        hashed = self.nodes[self.origin].get(dns.NSEC3PARAM)
        self._hashing = Hashing(self.origin, self.nodes, hashed[0]) if hashed else None

    @property
    def serial(self) -> int:
        """Which edition of the zone this is."""
        return self.start.serial

    def _add(self, record: dns.RRHeader) -> None:
        name = without_last_dot(record.name.name).lower()
        if not is_subdomain(name, self.origin):
            raise ValueError(f"{record!r} does not belong to the zone {self.origin!r}")
        record.auth = True
        kept = self.nodes.setdefault(name, {}).setdefault(record.type, [])
        if all(other.payload != record.payload for other in kept):
            kept.append(record)
        while name != self.origin and (name := parent_of(name)) not in self._between:
            self._between.add(name)

    def records(self) -> Iterator[dns.RRHeader]:
        """All records, the SOA first."""
        yield self.soa
        for node in self.nodes.values():
            for kind, records in node.items():
                if kind != dns.SOA:
                    yield from records

    # --- answering

    def answer(self, name: bytes, kind: int, wants_signatures: bool = False) -> Reply:
        """What the zone says about a name that is in it. kind: of the records wanted."""
        reply = Reply()
        name = without_last_dot(name)
        wanted = name.lower()
        for _ in range(MOST_ALIASES):
            alias = self._step(reply, name, wanted, kind, wants_signatures)
            if alias is None:
                break
            name = without_last_dot(alias)
            wanted = name.lower()
            if not is_subdomain(wanted, self.origin) or any(one.name.name.lower() == wanted for one in reply.answers):
                break
        if reply.answers and not reply.rCode:
            self._add_addresses(reply, reply.answers, wants_signatures)
        return reply

    def _step(self, reply: Reply, name: bytes, wanted: bytes, kind: int, signed: bool) -> bytes | None:
        """Look one name up. Returns the name that it is an alias of, if it is."""
        node = self.nodes.get(wanted)
        above = self._above(wanted, kind)
        if above is not None:
            if dns.DNAME not in self.nodes[above]:
                self._refer(reply, above, signed)
                return None
            return self._redirect(reply, above, name, signed)
        if node is None and wanted not in self._between:
            return self._step_to_wildcard(reply, name, wanted, kind, signed)
        return self._take(reply, node or {}, name, wanted, kind, signed)

    def _above(self, wanted: bytes, kind: int) -> bytes | None:
        """The highest place between the zone's top and the name where another zone begins, or names have moved from."""
        found, at = None, wanted
        while at != self.origin:
            node = self.nodes.get(at, {})
            is_cut = dns.NS in node and (at != wanted or kind != dns.DS)
            if is_cut or (dns.DNAME in node and at != wanted):
                found = at
            at = parent_of(at)
        has_moved = dns.DNAME in self.nodes[self.origin] and wanted != self.origin
        return self.origin if has_moved else found

    def _take(
        self, reply: Reply, node: Node, name: bytes, wanted: bytes, kind: int, signed: bool, proof: bytes | None = None
    ) -> bytes | None:
        """Answer with the records of a node, under this name. proof: the name that isn't there, for a wildcard's."""
        if dns.CNAME in node and kind not in (dns.CNAME, dns.ALL_RECORDS, dns.NSEC, dns.RRSIG):
            reply.answers += _named(name, self._set(node, dns.CNAME, signed))
            self._prove(reply, wanted if proof is None else proof, kind, signed and proof is not None)
            alias = node[dns.CNAME][0].payload
            assert isinstance(alias, dns.Record_CNAME)
            return alias.name.name
        if kind == dns.ALL_RECORDS and node:
            kind = next((one for one in node if one not in (dns.RRSIG, dns.NSEC)), kind)  # one set does (RFC 8482 §4.1)
        if kind in node:
            reply.answers += _named(name, self._set(node, kind, signed))
            self._prove(reply, wanted if proof is None else proof, kind, signed and proof is not None)
        else:
            self._say_no(reply, wanted if proof is None else proof, kind, signed, proof is not None)
        return None

    def _step_to_wildcard(self, reply: Reply, name: bytes, wanted: bytes, kind: int, signed: bool) -> bytes | None:
        closest = parent_of(wanted)
        while closest not in self.nodes and closest not in self._between:
            closest = parent_of(closest)
        wildcard = self.nodes.get(b"*." + closest if closest else b"*")
        if wildcard is not None:
            return self._take(reply, wildcard, name, wanted, kind, signed, wanted)
        reply.rCode = dns.ENAME
        self._say_no(reply, wanted, kind, signed, True)
        return None

    def _refer(self, reply: Reply, cut: bytes, signed: bool) -> None:
        """Say who has the zone below."""
        node = self.nodes[cut]
        reply.auth = bool(reply.answers)
        servers = [dns.RRHeader(one.name.name, dns.NS, one.cls, one.ttl, one.payload) for one in node[dns.NS]]
        reply.authority += servers
        if signed and dns.DS in node:
            reply.authority += self._set(node, dns.DS, True)
        else:
            self._prove(reply, cut, dns.DS, signed)
        self._add_addresses(reply, servers, False)

    def _redirect(self, reply: Reply, above: bytes, name: bytes, signed: bool) -> bytes | None:
        """Everything below this place has moved: add the DNAME, and the alias that it means for this name."""
        moved = self.nodes[above][dns.DNAME][0]
        assert isinstance(moved.payload, dns.Record_DNAME)
        kept = labels_of(name)[: -len(labels_of(above)) or None]
        alias = name[: len(name) - len(above)] + moved.payload.name.name
        reply.answers += self._set(self.nodes[above], dns.DNAME, signed)
        if sum(map(len, kept)) + len(kept) + len(moved.payload.name.name) + 1 > 254:
            reply.rCode = 6  # YXDOMAIN: it would be too long
            return None
        alias_record = dns.Record_CNAME(alias, ttl=moved.ttl)
        reply.answers.append(dns.RRHeader(name, dns.CNAME, dns.IN, moved.ttl, alias_record, auth=True))
        return alias

    def _set(self, node: Node, kind: int, signed: bool) -> list[dns.RRHeader]:
        """The records of one type, and their signatures."""
        return [*node[kind], *(_signatures(node, kind) if signed else ())]

    def _say_no(self, reply: Reply, name: bytes, kind: int, signed: bool, is_missing: bool) -> None:
        """Add what says for how long there is nothing (RFC 2308), and what proves it."""
        ttl = min(self.soa.ttl, self.start.minimum)
        top = self.nodes[self.origin]
        reply.authority.append(self.soa.with_ttl(ttl))
        if signed:
            reply.authority += [one.with_ttl(min(ttl, one.ttl)) for one in _signatures(top, dns.SOA)]
        self._prove(reply, name, kind, signed, is_missing)

    # --- proofs that something is not there

    def _prove(self, reply: Reply, name: bytes, kind: int, signed: bool, is_missing: bool = True) -> None:
        if not signed:
            return
        if self._hashing is not None:
            found = self._hashing.proof(name, name in self.nodes or name in self._between, self._exists)
        elif self._chain:
            closest = self._closest(name)
            places = {self._before(name), self._before(b"*." + closest if closest else b"*")}
            found = [name] if dns.NSEC in self.nodes.get(name, {}) else sorted(places, key=canonical)
        else:
            return
        for place in found:
            proving = dns.NSEC3 if self._hashing is not None else dns.NSEC
            records = self._set(self.nodes[place], proving, True)
            reply.authority += [one for one in records if one not in reply.authority]

    def _exists(self, name: bytes) -> bool:
        return name in self.nodes or name in self._between

    def _closest(self, name: bytes) -> bytes:
        while not self._exists(name):
            name = parent_of(name)
        return name

    def _before(self, name: bytes) -> bytes:
        """The last name with an NSEC record that does not come after this one."""
        return self._chain[bisect_right(self._keys, canonical(name)) - 1]

    def _add_addresses(self, reply: Reply, records: list[dns.RRHeader], signed: bool) -> None:
        """Add the addresses of the hosts that these records name, if they are in the zone."""
        for record in records:
            if record.type not in _BRINGS_ADDRESSES:
                continue
            host = getattr(record.payload, "target", None) or getattr(record.payload, "name", None)
            node = self.nodes.get(without_last_dot(host.name).lower(), {}) if host is not None else {}
            for kind in (dns.A, dns.AAAA):
                if kind in node:
                    found = self._set(node, kind, signed)
                    reply.additional += [one for one in found if one not in reply.additional]


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
