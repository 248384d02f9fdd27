"""The host that a client means: what its `Host` header says, or behind a proxy what the program says instead.

Host = uri-host [ ":" port ]      (RFC 9110, section 7.2; an IPv6 address stands in brackets)
"""

from __future__ import annotations

from typing import NamedTuple

from reactor.address import IPv4Address


class ForcedHost(NamedTuple):
    """The host that a proxy was asked for, as the program says. is_secure: whether the client reached it over TLS."""

    name: bytes
    port: int
    is_secure: bool

    @property
    def address(self) -> IPv4Address:
        """The host as an address."""
        return IPv4Address("TCP", self.name.decode("ascii"), self.port)


def with_port(name: bytes, port: int, is_secure: bool) -> bytes:
    """A host as it stands in a header or a URL: the port is left out where it is the usual one."""
    return name if port == (443 if is_secure else 80) else b"%b:%d" % (name, port)


def without_port(host: bytes) -> bytes:
    """The name in the value of a `Host` header."""
    return host.partition(b"]")[0] + b"]" if host.startswith(b"[") else host.partition(b":")[0]
