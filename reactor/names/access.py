"""Who asks, and what networks he is in."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

Address = tuple[str, int] | None
"""Where a datagram came from; None over TCP, where the connection knows."""
Networks = Sequence[IPv4Network | IPv6Network]


def host_of(protocol: Any, address: Address) -> str:
    """The address of who asks."""
    return str(address[0] if address is not None else protocol.transport.getPeer().host)


def is_in(networks: Networks | None, protocol: Any, address: Address) -> bool:
    """Whether who asks is in one of these networks; None is all of them."""
    if networks is None:
        return True
    host = ip_address(host_of(protocol, address).partition("%")[0])
    return any(host in network for network in networks)
