"""Is this text an address? Twisted's functions for this."""

from __future__ import annotations

import socket

__all__ = ["isIPAddress", "isIPv6Address"]


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
