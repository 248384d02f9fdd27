"""What all resolvers are: things with a lookup for each type of record.

A lookup takes a name and perhaps time-outs, and returns a Deferred of three lists of RRHeaders: answers, authority,
additional. It fails with a DomainError when this resolver has no answer, so that the next one may be asked.
A resolver of one's own overrides `_lookup`, or some of the lookups.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from reactor.abstract import isIPAddress, isIPv6Address
from reactor.address import IPv4Address, IPv6Address
from reactor.defer import Deferred, DeferredList, ensureDeferred, fail, maybeDeferred
from reactor.error import DNSLookupError
from reactor.interfaces import IHostResolution, IResolutionReceiver
from reactor.names import dns
from reactor.names.error import (
    DNSFormatError,
    DNSNameError,
    DNSNotImplementedError,
    DNSQueryRefusedError,
    DNSServerError,
    DNSUnknownError,
    DomainError,
)

Records = Sequence[dns.RRHeader]
Answer = tuple[Records, Records, Records]
"""Answers, authority, additional."""
Timeout = Any
"""Seconds for each try, as a sequence; a number where there is one try; None for the resolver's own."""
Lookup = Callable[..., Deferred[Answer]]

EMPTY_RESULT: Answer = ((), (), ())
MOST_ALIASES = 16
"""How many CNAMEs in a row are followed."""


def _lookup_of(kind: int) -> Callable[..., Deferred[Answer]]:
    def lookup(self: ResolverBase, name: str | bytes, timeout: Timeout = None) -> Deferred[Answer]:
        return self._lookup(dns.domainString(name), dns.IN, kind, timeout)

    lookup.kind = kind  # type: ignore[attr-defined]  # for typeToMethod
    lookup.__doc__ = f"The records of type {dns.QUERY_TYPES.get(kind) or dns.EXT_QUERIES[kind]} that a name has."
    return lookup


@dataclass
class _Resolution:
    name: str
    cancel: Callable[[], None]


class ResolverBase:
    """A resolver that knows nothing yet: override `_lookup`."""

    _errormap: ClassVar[dict[int, type[DomainError]]] = {
        dns.EFORMAT: DNSFormatError,
        dns.ESERVER: DNSServerError,
        dns.ENAME: DNSNameError,
        dns.ENOTIMP: DNSNotImplementedError,
        dns.EREFUSED: DNSQueryRefusedError,
    }
    typeToMethod: dict[int, Lookup]

    def __init__(self) -> None:
        self.typeToMethod = {kind: getattr(self, name) for kind, name in typeToMethod.items()}

    def exceptionForCode(self, responseCode: int) -> type[DomainError]:
        """The error that stands for a response code."""
        return self._errormap.get(responseCode, DNSUnknownError)

    def query(self, query: dns.Query, timeout: Timeout = None) -> Deferred[Answer]:
        """Ask a question of any type."""
        method = self.typeToMethod.get(query.type)
        if method is not None:
            return maybeDeferred(method, query.name.name, timeout)
        return maybeDeferred(self._lookup, query.name.name, dns.IN, query.type, timeout)

    def _lookup(self, name: bytes, cls: int, type: int, timeout: Timeout) -> Deferred[Answer]:
        """All lookups come here, unless they are overridden."""
        return fail(NotImplementedError("ResolverBase._lookup"))

    lookupAddress = _lookup_of(dns.A)
    lookupIPV6Address = _lookup_of(dns.AAAA)
    lookupAddress6 = _lookup_of(dns.A6)
    lookupMailExchange = _lookup_of(dns.MX)
    lookupNameservers = _lookup_of(dns.NS)
    lookupCanonicalName = _lookup_of(dns.CNAME)
    lookupMailBox = _lookup_of(dns.MB)
    lookupMailGroup = _lookup_of(dns.MG)
    lookupMailRename = _lookup_of(dns.MR)
    lookupPointer = _lookup_of(dns.PTR)
    lookupAuthority = _lookup_of(dns.SOA)
    lookupNull = _lookup_of(dns.NULL)
    lookupWellKnownServices = _lookup_of(dns.WKS)
    lookupService = _lookup_of(dns.SRV)
    lookupHostInfo = _lookup_of(dns.HINFO)
    lookupMailboxInfo = _lookup_of(dns.MINFO)
    lookupText = _lookup_of(dns.TXT)
    lookupSenderPolicy = _lookup_of(dns.SPF)
    lookupResponsibility = _lookup_of(dns.RP)
    lookupAFSDatabase = _lookup_of(dns.AFSDB)
    lookupNamingAuthorityPointer = _lookup_of(dns.NAPTR)
    lookupZone = _lookup_of(dns.AXFR)
    lookupAllRecords = _lookup_of(dns.ALL_RECORDS)

    def candidates(self, name: bytes) -> list[bytes]:
        """The names that a host's name may stand for, in the order in which to try them."""
        return [name]

    def getHostByName(self, name: str | bytes, timeout: Timeout = None, effort: int = MOST_ALIASES) -> Deferred[str]:
        """The address of a host: its first IPv4 address, or else its first IPv6 address.

        effort: how many CNAMEs are followed. Fails with DNSLookupError when there is no address.
        """
        return ensureDeferred(self._host(dns.domainString(name), timeout, effort))

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type] | None = None,
        transportSemantics: Any = "TCP",
    ) -> IHostResolution:
        """As IHostnameResolver: all addresses of a host, of both kinds, asked for at once; those of IPv6 come first.

        So `reactor.installResolver(client.createResolver())` has the reactor ask it, and no thread waits for the
        system's resolver.
        """
        kinds = (IPv6Address, IPv4Address) if addressTypes is None else addressTypes
        asked = DeferredList([ensureDeferred(self._of_kind(hostName, kind)) for kind in kinds], consumeErrors=True)
        resolution = _Resolution(hostName, asked.cancel)
        resolutionReceiver.resolutionBegan(resolution)

        def tell(results: Any) -> None:
            for kind, (well, found) in zip(kinds, results, strict=True):
                for address in found if well else ():
                    resolutionReceiver.addressResolved(kind(transportSemantics, address, portNumber))
            resolutionReceiver.resolutionComplete()

        asked.addCallback(tell)
        return resolution

    async def _of_kind(self, host: str, kind: type) -> list[str]:
        if isIPAddress(host) or isIPv6Address(host):
            return [host] if isIPv6Address(host) == (kind is IPv6Address) else []
        return await self.addresses(dns.domainString(host), dns.AAAA if kind is IPv6Address else dns.A)

    async def _host(self, name: bytes, timeout: Timeout, effort: int) -> str:
        for kind in (dns.A, dns.AAAA):
            found = await self.addresses(name, kind, timeout, effort)
            if found:
                return found[0]
        raise DNSLookupError(f"no address of {name.decode('ascii', 'backslashreplace')!r} is known")

    async def addresses(self, name: bytes, kind: int, timeout: Timeout = None, effort: int = MOST_ALIASES) -> list[str]:
        """All addresses of a host that are of one kind, dns.A or dns.AAAA; empty when it has none."""
        for candidate in self.candidates(name):
            try:
                found = await self._addresses(candidate, kind, timeout, effort)
            except DomainError:
                continue  # there is no such name
            except ValueError:  # an authority says so, or it can't be a name
                continue
            if found:
                return found
        return []

    async def _addresses(self, name: bytes, kind: int, timeout: Timeout, effort: int) -> list[str]:
        query = dns.Query(name, kind)
        answers, _, additional = await self.query(query, timeout)
        at = query.name
        for _ in range(effort):
            known = [one for one in (*answers, *additional) if one.name == at and one.payload is not None]
            found = [_shown(one.payload) for one in known if one.type == kind]
            alias = next((one.payload for one in known if isinstance(one.payload, dns.Record_CNAME)), None)
            if found or alias is None:
                return found
            at = alias.name
            if not any(one.name == at for one in (*answers, *additional)):
                answers, _, additional = await self.query(dns.Query(at.name, kind), timeout)
        return []


def _shown(payload: Any) -> str:
    family = socket.AF_INET if len(payload.address) == 4 else socket.AF_INET6
    return socket.inet_ntop(family, payload.address)


def extractRecord(
    resolver: ResolverBase, name: dns.Name, answers: Records, level: int = 10
) -> str | Deferred[str] | None:
    """The address of a name, found in these records, or by asking the resolver about its alias; None without one."""
    if not level:
        return None
    known = [one for one in answers if one.name == name and one.payload is not None]
    for kind in (dns.AAAA, dns.A):
        for one in known:
            if one.type == kind:
                return _shown(one.payload)
    for one in known:
        if isinstance(one.payload, dns.Record_CNAME):
            alias = one.payload.name
            found = extractRecord(resolver, alias, answers, level - 1)
            return found or resolver.getHostByName(alias.name, effort=level - 1)
    return None


typeToMethod: dict[int, str] = {
    method.kind: name for name, method in vars(ResolverBase).items() if name.startswith("lookup")
}
