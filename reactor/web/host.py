"""The host that a client means: what its `Host` header says, or behind a proxy what the program says instead.

Host = uri-host [ ":" port ]                                              (RFC 9110, section 7.2)
uri-host = "[" IPv6address "]" / IPv4address / reg-name                   (RFC 3986, section 3.2.2)
reg-name = *( unreserved / "%" HEXDIG HEXDIG / sub-delims )

Programs build links of it, compare it with the origin of a page, and look up what to serve. So what doesn't have this
form is refused before they see it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple

from reactor.address import IPv4Address

_HOST = re.compile(
    rb"(?:\[(?P<v6>[0-9A-Fa-f:.]++)\]|(?P<name>(?:[-.~\w!$&'()*+,;=]++|%[0-9A-Fa-f]{2})*+))(?::[0-9]{0,5})?", re.ASCII
)
_ABSOLUTE = re.compile(rb"([^/?]*)://([^/?]*)(.*)", re.DOTALL)


class ForcedHost(NamedTuple):
    """The host that a proxy was asked for, as the program says. is_secure: whether the client reached it over TLS."""

    name: bytes
    port: int
    is_secure: bool

    @property
    def address(self) -> IPv4Address:
        """The host as an address."""
        return IPv4Address("TCP", self.name.decode("ascii"), self.port)


@lru_cache(maxsize=1024)  # a bound, since clients choose hosts too
def is_host(value: bytes) -> bool:
    """Whether this may be the value of a `Host` header; an empty one may."""
    match = _HOST.fullmatch(value)
    if match is None or match["v6"] is None:
        return match is not None
    try:
        IPv6Address(match["v6"].decode("ascii"))
    except AddressValueError:
        return False
    return True


def split_target(target: bytes) -> tuple[bytes | None, bytes]:
    """The host in a request's target, and the rest of it, which begins with the path.

    absolute-form = scheme "://" host [ path ] [ "?" query ]      (RFC 9112, section 3.2.2: proxies are asked so)

    The host is None for a target of another form, which is the rest as it is. Raises ValueError for an absolute one
    that is none of http's, has no host, or names a user, as swindlers do to hide the host (RFC 9110, section 4.2.4).
    """
    match = None if target.startswith(b"/") else _ABSOLUTE.fullmatch(target)
    if match is None:
        return None, target
    scheme, host, rest = match.groups()
    if scheme.lower() not in (b"http", b"https") or not is_host(host) or not without_port(host):
        raise ValueError(f"the target {target[:200]!r} is no address of http with a host")
    return host, rest if rest.startswith(b"/") else b"/" + rest


def with_port(name: bytes, port: int, is_secure: bool) -> bytes:
    """A host as it stands in a header or a URL: the port is left out where it is the usual one."""
    if b":" in name and not name.startswith(b"["):
        name = b"[%b]" % name
    return name if port == (443 if is_secure else 80) else b"%b:%d" % (name, port)


def without_port(host: bytes) -> bytes:
    """The name in the value of a `Host` header."""
    return host.partition(b"]")[0] + b"]" if host.startswith(b"[") else host.partition(b":")[0]
