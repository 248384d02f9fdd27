"""Having a reactor find hosts by a resolver of ours, in place of the system's, which blocks and needs a thread.

    installResolver(reactor, client.createResolver())
    reactor.connectTCP("example.org", 80, factory)      # asks it

From then on `connectTCP`, endpoints and `reactor.resolve` ask that resolver, for IPv4 and IPv6 addresses at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reactor.abstract import isIPAddress, isIPv6Address
from reactor.address import IPv4Address, IPv6Address
from reactor.defer import Deferred, DeferredList, ensureDeferred, succeed
from reactor.interfaces import IHostnameResolver, IHostResolution, IReactorPluggableNameResolver, IResolutionReceiver
from reactor.names import dns
from reactor.names.common import ResolverBase


class HostnameResolver:
    """An IHostnameResolver that asks a resolver of names. timeout: for each lookup; None for the resolver's own."""

    def __init__(self, resolver: ResolverBase, timeout: Any = None) -> None:
        self._resolver = resolver
        self._timeout = timeout

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type] | None = None,
        transportSemantics: Any = "TCP",
    ) -> IHostResolution:
        wanted = (IPv6Address, IPv4Address) if addressTypes is None else addressTypes
        lookups = [self._lookup(hostName, kind) for kind in wanted]
        resolution = _Resolution(hostName, lookups)
        resolutionReceiver.resolutionBegan(resolution)

        def tell(results: Any) -> None:
            for kind, (well, found) in zip(wanted, results, strict=True):
                for host in found if well else ():
                    resolutionReceiver.addressResolved(kind(transportSemantics, host, portNumber))
            resolutionReceiver.resolutionComplete()

        DeferredList(lookups, consumeErrors=True).addCallback(tell)
        return resolution

    def _lookup(self, host: str, kind: type) -> Deferred[list[str]]:
        if isIPAddress(host) or isIPv6Address(host):
            return succeed([host] if isIPv6Address(host) == (kind is IPv6Address) else [])
        record = dns.AAAA if kind is IPv6Address else dns.A
        return ensureDeferred(self._addresses(host, record))

    async def _addresses(self, host: str, record: int) -> list[str]:
        return await self._resolver.addresses(dns.domainString(host), record, self._timeout)


class _Resolution:
    def __init__(self, name: str, lookups: list[Deferred[list[str]]]) -> None:
        self.name = name
        self._lookups = lookups

    def cancel(self) -> None:
        for lookup in self._lookups:
            lookup.cancel()


def installResolver(
    reactor: IReactorPluggableNameResolver, resolver: ResolverBase, timeout: Any = None
) -> IHostnameResolver:
    """From now on have this reactor find hosts by this resolver. Returns the reactor's previous one."""
    return reactor.installNameResolver(HostnameResolver(resolver, timeout))
