"""Logins: how often somebody may try, and over what a password may travel. One rule for all protocols that have them.

Every failure counts against where it came from and against the name that was tried: one address that tries many names
is stopped, and so are many addresses that try one. The answer to a failure comes later each time; after too many there
are no answers but "no", for a while. A login that succeeds takes as long as it takes.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from reactor.abstract import ip_address_of
from reactor.cred.error import LoginDenied
from reactor.cred.portal import Portal
from reactor.defer import Deferred
from reactor.interfaces import IReactorTime

if TYPE_CHECKING:
    from reactor.failure import Failure

LOOPBACK = ("127.0.0.0/8", "::1/128")


def mayTakePasswords(transport: Any, networks: Iterable[str] = LOOPBACK) -> bool:
    """Whether a password in the clear may come over this connection: nobody else can read what is on it.

    So it is over TLS and UNIX sockets, between processes, and inside `networks`, in CIDR notation: this machine's own
    unless you say otherwise.
    """
    if getattr(transport, "TLS", False):
        return True
    host = getattr(transport.getPeer(), "host", None)
    if host is None:
        return True  # no network at all
    address = ip_address_of(host)
    return address is not None and any(address in ipaddress.ip_network(network) for network in networks)


def source_of(peer: Any) -> str:
    """Where somebody comes from, for counting: an IPv4 address, or the 64 bits of IPv6 that one customer has."""
    address = ip_address_of(getattr(peer, "host", "") or "")
    if address is None:
        return "here"
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


class LoginLimits:
    """Slows down those who guess. One object for all ports of a server, as a guesser takes them all.

    clock: a reactor, for time. first_delay_s: how late the first failure is answered; each further one twice as late,
    up to longest_delay_s. most: after so many failures, of one source or for one name, logins are denied unasked,
    until forget_s have passed without a failure. MOST_KEPT: sources and names that are remembered; the oldest go.
    """

    MOST_KEPT = 10_000

    def __init__(
        self,
        clock: IReactorTime,
        first_delay_s: float = 0.5,
        longest_delay_s: float = 10.0,
        most: int = 20,
        forget_s: float = 600.0,
    ) -> None:
        self._clock = clock
        self.first_delay_s, self.longest_delay_s = first_delay_s, longest_delay_s
        self.most, self.forget_s = most, forget_s
        self._failures: OrderedDict[tuple[str, Any], tuple[int, float]] = OrderedDict()

    def failures(self, peer: Any, name: bytes) -> int:
        """How many failures count against a login of this name from there: the source's or the name's, the larger."""
        return max(self._count(key) for key in self._keys(peer, name))

    def portal(self, portal: Portal, peer: Any) -> LimitedPortal:
        """The portal as somebody from `peer` finds it. peer: the address that the connection comes from."""
        return LimitedPortal(portal, self, peer)

    def failed(self, failure: Failure, peer: Any, name: bytes) -> Deferred[Any]:
        """A login failed: count it. Returns a Deferred of the failure, for later."""
        for key in self._keys(peer, name):
            self._failures[key] = (self._count(key) + 1, self._clock.seconds())
            self._failures.move_to_end(key)
        while len(self._failures) > self.MOST_KEPT:
            self._failures.popitem(last=False)
        doublings = min(self.failures(peer, name) - 1, 30)
        return self.later(failure, min(self.first_delay_s * 2**doublings, self.longest_delay_s))

    def later(self, failure: Any, delay_s: float | None = None) -> Deferred[Any]:
        """A Deferred that fails with this after a delay; the longest unless it is given."""
        answer: Deferred[Any] = Deferred(lambda _: call.cancel() if call.active() else None)
        call = self._clock.callLater(self.longest_delay_s if delay_s is None else delay_s, answer.errback, failure)
        return answer

    def _count(self, key: tuple[str, Any]) -> int:
        count, last = self._failures.get(key, (0, 0.0))
        if count and self._clock.seconds() - last >= self.forget_s:
            del self._failures[key]
            return 0
        return count

    def _keys(self, peer: Any, name: bytes) -> list[tuple[str, Any]]:
        return [("source", source_of(peer)), *([("name", name[:256])] if name else [])]


class LimitedPortal(Portal):
    """A portal whose logins count. Made by LoginLimits.portal."""

    def __init__(self, portal: Portal, limits: LoginLimits, peer: Any) -> None:
        super().__init__(portal.realm)
        self.checkers = portal.checkers
        self._inner, self._limits, self._peer = portal, limits, peer

    def login(self, credentials: Any, mind: Any, *interfaces: type) -> Deferred[Any]:
        """As Portal.login. A failure comes late; after too many, LoginDenied does, and the portal isn't asked."""
        limits, peer = self._limits, self._peer
        name = getattr(credentials, "username", b"") or b""
        if limits.failures(peer, name) >= limits.most:
            return limits.later(LoginDenied(f"{limits.most} logins failed, from {source_of(peer)} or for one name"))
        return self._inner.login(credentials, mind, *interfaces).addErrback(limits.failed, peer, name)
