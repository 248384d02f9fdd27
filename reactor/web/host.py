"""Which host a client came to: what its `Host` header says, or what the server behind a proxy is told instead.

Host = uri-host [ ":" port ]      (RFC 9110, section 7.2; an IPv6 address stands in brackets)
"""

from __future__ import annotations

from typing import NamedTuple

from reactor.address import IPv4Address


class ForcedHost(NamedTuple):
    """What the program says that the client came to. is_secure: whether it came encrypted, as far as the proxy."""

    name: bytes
    port: int
    is_secure: bool

    @property
    def address(self) -> IPv4Address:
        """The same, as an address."""
        return IPv4Address("TCP", self.name.decode("ascii"), self.port)


def with_port(name: bytes, port: int, is_secure: bool) -> bytes:
    """A host as headers and addresses have it: the port is left out where it is the usual one."""
    return name if port == (443 if is_secure else 80) else b"%b:%d" % (name, port)


def without_port(host: bytes) -> bytes:
    """The name in the value of a `Host` header."""
    return host.partition(b"]")[0] + b"]" if host.startswith(b"[") else host.partition(b":")[0]
