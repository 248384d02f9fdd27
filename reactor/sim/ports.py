"""Which socket has which port of a host, by the rules of bind(2) as Linux applies them."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass

from reactor.sim.addresses import ANY, failure
from reactor.sim.packets import Place

_FIRST, _LAST = 49152, 65535  # the dynamic ports of RFC 6335, for sockets that ask for port 0


@dataclass(eq=False)
class Claim:
    """One socket's claim to a port.

    place: "0.0.0.0" is every IPv4 address, "::" every IPv6 one, and IPv4 too unless `only_ipv6`.
    shares: SO_REUSEADDR: sockets that both set it may share the port, as long as none listens.
    shares_all: SO_REUSEPORT: others who say the same may have it too. listens: connections are taken here.
    """

    place: Place
    shares: bool = False
    shares_all: bool = False
    listens: bool = False
    only_ipv6: bool = False

    def covers(self, host: str) -> bool:
        """Whether the claim includes this address."""
        mine = self.place[0]
        return host == mine or self._is_all_of(host)

    def _is_all_of(self, host: str) -> bool:
        mine = self.place[0]
        if mine == "::":
            return ":" in host or not self.only_ipv6
        return mine == "0.0.0.0" and ":" not in host

    def overlaps(self, other: Claim) -> bool:
        """Whether there is an address that both claims include."""
        if {self.place[0], other.place[0]} == set(ANY):
            return not (self.only_ipv6 or other.only_ipv6)
        return self.covers(other.place[0]) or other.covers(self.place[0])

    def allows(self, other: Claim) -> bool:
        """Whether the two claims may exist together."""
        if not self.overlaps(other) or (self.shares_all and other.shares_all):
            return True
        return self.shares and other.shares and not self.listens


class Ports:
    """The ports of one host and one protocol."""

    def __init__(self) -> None:
        self._claims: dict[int, list[Claim]] = {}
        self._next = _FIRST

    def take(self, claim: Claim) -> Claim:
        """Claim a port; 0 means any free one. Returns the claim, with its real number. Raises EADDRINUSE."""
        host, port = claim.place
        if not port:
            claim.place = (host, self.free_port())
        elif not all(other.allows(claim) for other in self._claims.get(port, ())):
            raise failure(errno.EADDRINUSE)
        return self.join(claim)

    def join(self, claim: Claim) -> Claim:
        """Claim a port that is taken already: a connection does so with the port that accepted it."""
        self._claims.setdefault(claim.place[1], []).append(claim)
        return claim

    def listen(self, claim: Claim) -> None:
        """Listen at a claimed port. Raises EADDRINUSE if other claims to it don't allow that."""
        for other in self._claims[claim.place[1]]:
            if other is not claim and other.listens and not other.allows(claim):
                raise failure(errno.EADDRINUSE)
        claim.listens = True

    def give_back(self, claim: Claim) -> None:
        """Give up the claim."""
        claims = self._claims[claim.place[1]]
        claims.remove(claim)
        if not claims:
            del self._claims[claim.place[1]]

    def free_port(self) -> int:
        """A free port: in ascending order, so that a run is the same every time. Raises EADDRINUSE."""
        for port in self._candidates():
            if port not in self._claims:
                return port
        raise failure(errno.EADDRINUSE)

    def _candidates(self) -> Iterator[int]:
        for _ in range(_FIRST, _LAST + 1):
            port, self._next = self._next, self._next + 1 if self._next < _LAST else _FIRST
            yield port
