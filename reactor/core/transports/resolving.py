"""Between the two ways to ask for addresses: a call for each (`IHostnameResolver`, Twisted's), and a Deferred of all.

A reactor has one resolver for all that it does with names. At first its `lookups` ask the operating system,
and `HostResolver` lets a program ask the same. A resolver that a program installs gets all questions, by `Installed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from reactor import defer, error
from reactor.abstract import isIPAddress, isIPv6Address
from reactor.address import IPv4Address, IPv6Address
from reactor.core.loop.lookups import PATIENCE_S, Lookups
from reactor.core.transports.all_addresses import addresses_of
from reactor.defer import Deferred
from reactor.defer.timeouts import Clock
from reactor.failure import Failure
from reactor.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver, IResolverSimple


class _Answering:
    """Asks for all addresses at once, and tells them one by one. An address is its own answer, and comes at once."""

    def look_up_all(self, name: str) -> Deferred[list[str]]:
        """The addresses of a host."""
        raise NotImplementedError

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type] | None = None,
        transportSemantics: Literal["TCP", "UDP"] = "TCP",
    ) -> IHostResolution:
        known = isIPAddress(hostName) or isIPv6Address(hostName)
        answer = defer.succeed([hostName]) if known else self.look_up_all(hostName)
        resolution = _Resolution(hostName, answer)
        resolutionReceiver.resolutionBegan(resolution)

        def tell(hosts: Any) -> None:
            for host in hosts if isinstance(hosts, list) else ():  # a failure counts as no addresses
                address = _address(transportSemantics, host, portNumber)
                if addressTypes is None or type(address) in addressTypes:
                    resolutionReceiver.addressResolved(address)
            resolutionReceiver.resolutionComplete()

        answer.addBoth(tell)
        return resolution


class HostResolver(_Answering):
    """Asks the operating system, in a thread."""

    def __init__(self, lookups: Lookups) -> None:
        self.lookups = lookups

    def look_up_all(self, name: str) -> Deferred[list[str]]:
        return self.lookups.look_up_all(name)

    def getHostByName(self, name: str, timeout: Sequence[int] = (1, 3, 11, 45)) -> Deferred[str]:
        """The IPv4 address of a host, as IResolverSimple has it."""
        return self.lookups.look_up(name, sum(timeout))


class OneAddress(_Answering):
    """Asks a resolver of the older kind, which knows one address of a host."""

    def __init__(self, resolver: IResolverSimple) -> None:
        self.resolver = resolver

    def look_up_all(self, name: str) -> Deferred[list[str]]:
        return defer.maybeDeferred(self.resolver.getHostByName, name).addCallback(lambda host: [host])


class Installed(Lookups):
    """Asks a resolver that a program has installed. clock: counts the seconds that it may take."""

    def __init__(self, resolver: IHostnameResolver, clock: Clock) -> None:
        self._resolver = resolver
        self._clock = clock

    def look_up(self, name: str, patience_s: float = PATIENCE_S) -> Deferred[str]:
        return self._hosts(name, patience_s, [IPv4Address]).addCallback(lambda hosts: hosts[0])

    def look_up_all(self, name: str, patience_s: float = PATIENCE_S) -> Deferred[list[str]]:
        return self._hosts(name, patience_s, None)

    def _hosts(self, name: str, patience_s: float, kinds: Sequence[type] | None) -> Deferred[list[str]]:
        def too_late(result: object, seconds: float) -> object:
            return Failure(error.DNSLookupError(f"timeout: no answer for {name!r} in {seconds:g} seconds"))

        found = defer.maybeDeferred(addresses_of, self._resolver, name, kinds=kinds)
        found.addTimeout(patience_s, self._clock, too_late)
        return found.addCallback(lambda addresses: [address.host for address in addresses])


def _address(kind: Literal["TCP", "UDP"], host: str, port: int) -> IPv4Address | IPv6Address:
    if isIPv6Address(host):
        return IPv6Address(kind, host, port)
    return IPv4Address(kind, host, port)


class _Resolution:
    """A question that is under way, and can be cancelled."""

    def __init__(self, name: str, answer: Deferred[list[str]]) -> None:
        self.name = name
        self._answer = answer

    def cancel(self) -> None:
        self._answer.cancel()
