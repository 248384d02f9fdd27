"""Asking name servers: the stub resolver, and the program's own one behind functions such as `lookupAddress`.

`stub` has the resolver, `configuration` reads resolv.conf, `streams` keeps connections over TCP and TLS.
`zone_transfer` fetches zones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.defer import Deferred
from reactor.names import cache, hosts, resolve
from reactor.names.client.streams import DNSClientFactory
from reactor.names.client.stub import Resolver
from reactor.names.client.zone_transfer import AXFRController, transfer

__all__ = [
    "AXFRController",
    "DNSClientFactory",
    "Resolver",
    "createResolver",
    "transfer",
]


def createResolver(
    servers: list[tuple[str, int]] | None = None,
    resolvconf: Any = None,
    hosts: Any = None,
    reactor: Any = None,
) -> resolve.ResolverChain:
    """A resolver as a machine has it: the hosts file, then a cache, then name servers.

    servers: (address, port), asked before those of the file. resolvconf, hosts: paths in place of those in /etc.
    """
    known = _hosts.Resolver(b"/etc/hosts" if hosts is None else hosts)
    stub = Resolver(b"/etc/resolv.conf" if resolvconf is None else resolvconf, servers, reactor=reactor)
    return resolve.ResolverChain([known, cache.CacheResolver(reactor=reactor), stub])


_hosts = hosts
theResolver: Any = None
"""What the functions below ask; made when the first one is called."""


def getResolver() -> Any:
    """The program's resolver."""
    global theResolver
    if theResolver is None:
        theResolver = createResolver()
    return theResolver


def _asking(name: str) -> Callable[..., Deferred[Any]]:
    def ask(*arguments: Any, **options: Any) -> Deferred[Any]:
        return getattr(getResolver(), name)(*arguments, **options)  # type: ignore[no-any-return]  # a lookup's

    ask.__name__ = ask.__qualname__ = name
    ask.__doc__ = f"The program's resolver's `{name}`: see common.ResolverBase."
    return ask


getHostByName = _asking("getHostByName")
query = _asking("query")
lookupAddress = _asking("lookupAddress")
lookupIPV6Address = _asking("lookupIPV6Address")
lookupAddress6 = _asking("lookupAddress6")
lookupMailExchange = _asking("lookupMailExchange")
lookupNameservers = _asking("lookupNameservers")
lookupCanonicalName = _asking("lookupCanonicalName")
lookupMailBox = _asking("lookupMailBox")
lookupMailGroup = _asking("lookupMailGroup")
lookupMailRename = _asking("lookupMailRename")
lookupPointer = _asking("lookupPointer")
lookupAuthority = _asking("lookupAuthority")
lookupNull = _asking("lookupNull")
lookupWellKnownServices = _asking("lookupWellKnownServices")
lookupService = _asking("lookupService")
lookupHostInfo = _asking("lookupHostInfo")
lookupMailboxInfo = _asking("lookupMailboxInfo")
lookupText = _asking("lookupText")
lookupSenderPolicy = _asking("lookupSenderPolicy")
lookupResponsibility = _asking("lookupResponsibility")
lookupAFSDatabase = _asking("lookupAFSDatabase")
lookupZone = _asking("lookupZone")
lookupAllRecords = _asking("lookupAllRecords")
lookupNamingAuthorityPointer = _asking("lookupNamingAuthorityPointer")
