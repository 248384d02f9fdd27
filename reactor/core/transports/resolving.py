"""All addresses of a host, by Twisted's interface for it: one call for each address, and one at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from reactor import defer
from reactor.abstract import isIPAddress, isIPv6Address
from reactor.address import IPv4Address, IPv6Address
from reactor.core.loop.lookups import Lookups
from reactor.defer import Deferred
from reactor.interfaces import IHostResolution, IResolutionReceiver


class HostResolver:
    """Asks the operating system, in a thread. An address is its own answer, and comes at once."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type] | None = None,
        transportSemantics: Literal["TCP", "UDP"] = "TCP",
    ) -> IHostResolution:
        known = isIPAddress(hostName) or isIPv6Address(hostName)
        answer = defer.succeed([hostName]) if known else self._lookups.look_up_all(hostName)
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
