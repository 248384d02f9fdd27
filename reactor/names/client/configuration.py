"""What resolv.conf(5) says: which servers to ask, and which endings a short name may have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reactor.abstract import isIPAddress, isIPv6Address
from reactor.names import dns

_MOST_SERVERS = 3  # MAXNS, and the others are resolv.conf(5)'s too
_MOST_ENDINGS = 6
_MOST_DOTS = 15


@dataclass
class Configuration:
    """servers: (address, port). endings: domains that a short name may be in. ndots: the dots that make a name long."""

    servers: list[tuple[str, int]] = field(default_factory=list)
    endings: list[bytes] = field(default_factory=list)
    ndots: int = 1

    def candidates(self, name: bytes) -> list[bytes]:
        """The names that one may stand for, in the order in which to try them. A dot at the end: it is whole."""
        if name.endswith(b"."):
            return [name[:-1]]
        longer = [name + b"." + ending for ending in self.endings]
        return [name, *longer] if name.count(b".") >= self.ndots else [*longer, name]


def read(lines: Iterable[bytes]) -> Configuration:
    """Read the lines of a resolv.conf. What makes no sense is passed by; later `search` and `domain` lines count."""
    found = Configuration()
    for line in lines:
        keyword, *values = line.split(b"#")[0].split(b";")[0].split() or [b""]
        if keyword == b"nameserver" and values:
            address = values[0].decode("ascii", "replace")
            if (isIPAddress(address) or isIPv6Address(address)) and len(found.servers) < _MOST_SERVERS:
                found.servers.append((address, dns.PORT))
        elif keyword in (b"search", b"domain"):
            most = _MOST_ENDINGS if keyword == b"search" else 1
            found.endings = [value.strip(b".") for value in values if value.strip(b".")][:most]
        elif keyword == b"options":
            _read_options(found, values)
    return found


def _read_options(found: Configuration, values: list[bytes]) -> None:
    for value in values:
        name, _, number = value.partition(b":")
        if name == b"ndots" and number.isdigit():
            found.ndots = min(int(number), _MOST_DOTS)
