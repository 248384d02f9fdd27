"""Is this text an address, and which? The first two are Twisted's functions for this."""

from __future__ import annotations

import ipaddress
import socket

__all__ = ["ip_address_of", "isIPAddress", "isIPv6Address"]


def isIPAddress(addr: str | bytes, family: int = socket.AF_INET) -> bool:
    """Whether `addr` is an address of the family (IPv4 unless said), and not a name. A scope (`%eth0`) may follow."""
    text = addr.decode("ascii", "replace") if isinstance(addr, bytes) else addr
    if family == socket.AF_INET6:
        text = text.partition("%")[0]
    elif text.count(".") != 3:  # inet_pton is strict on most systems, not on all
        return False
    try:
        socket.inet_pton(family, text)
    except (OSError, ValueError):
        return False
    return True


def isIPv6Address(addr: str | bytes) -> bool:
    """Whether `addr` is an IPv6 address."""
    return isIPAddress(addr, socket.AF_INET6)


def ip_address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a text is, without its scope; None for a name.

    Of an IPv4 address in an IPv6 one, `::ffff:192.0.2.1`, it is the IPv4 address: so a port at "::" names its clients
    over IPv4 (RFC 3493 section 3.7), who are in the networks that they are in.
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
