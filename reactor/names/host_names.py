"""A resolver of names as a reactor's: all addresses of a host, of both kinds, asked for at once.

reactor.installResolver(client.createResolver())
reactor.connectTCP("example.org", 80, factory)      # asks it, and no thread waits for the system's resolver
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reactor.abstract import isIPAddress, isIPv6Address
from reactor.address import IPv4Address, IPv6Address
from reactor.defer import Deferred, DeferredList, ensureDeferred
from reactor.interfaces import IHostResolution, IResolutionReceiver
from reactor.names import dns

if TYPE_CHECKING:
    from reactor.names.common import ResolverBase


def resolve_host_name(
    resolver: ResolverBase,
    receiver: IResolutionReceiver,
    host: str,
    port: int,
    kinds: Sequence[type] | None,
    transport: Any,
) -> IHostResolution:
    """Tell the receiver the addresses of a host, those of IPv6 first. See IHostnameResolver."""
    wanted = (IPv6Address, IPv4Address) if kinds is None else kinds
    lookups = [ensureDeferred(_addresses(resolver, host, kind)) for kind in wanted]
    resolution = _Resolution(host, lookups)
    receiver.resolutionBegan(resolution)

    def tell(results: Any) -> None:
        for kind, (well, found) in zip(wanted, results, strict=True):
            for address in found if well else ():
                receiver.addressResolved(kind(transport, address, port))
        receiver.resolutionComplete()

    DeferredList(lookups, consumeErrors=True).addCallback(tell)
    return resolution


async def _addresses(resolver: ResolverBase, host: str, kind: type) -> list[str]:
    if isIPAddress(host) or isIPv6Address(host):
        return [host] if isIPv6Address(host) == (kind is IPv6Address) else []
    return await resolver.addresses(dns.domainString(host), dns.AAAA if kind is IPv6Address else dns.A)


class _Resolution:
    def __init__(self, name: str, lookups: list[Deferred[list[str]]]) -> None:
        self.name = name
        self._lookups = lookups

    def cancel(self) -> None:
        for lookup in self._lookups:
            lookup.cancel()
