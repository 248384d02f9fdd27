"""How many answers a network gets. Who asks over UDP may write the address of another, and have us flood him.

So networks have a budget that fills up as time goes by, and not single addresses, which the attacker varies. When it is
spent, every second question gets no answer, and the others one that is empty and says "cut", on which an honest client
asks again over TCP. There an address can't be somebody else's, and there is no limit.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

from reactor.abstract import ip_address_of

_MOST_NETWORKS = 20_000
_PREFIX_BITS = {4: 24, 6: 56}


def cut(data: bytes) -> bytes:
    """An answer to these bytes that holds nothing, and says that it was cut. b"" if they are no question."""
    end = data.find(b"\0", 12) + 5
    if len(data) < end or end < 17 or data[2] & 0x80 or data[4:6] != b"\0\1":
        return b""
    return data[:2] + bytes([data[2] & 0x79 | 0x82, 0]) + b"\0\1" + bytes(6) + data[12:end]


@lru_cache(_MOST_NETWORKS)
def network_of(address: str) -> str | None:
    """The network whose budget an address has; None for this machine itself, which has no limit."""
    parsed = ip_address_of(address)
    if parsed is None or parsed.is_loopback:
        return None
    return str(ipaddress.ip_network((parsed, _PREFIX_BITS[parsed.version]), strict=False))


class RateLimit:
    """A budget of answers for each network: /24 of IPv4, /56 of IPv6. This machine itself has no limit.

    answersPerSecond: for as long as it likes; ten times as many at once. seconds: the clock, such as reactor.seconds.
    """

    def __init__(self, answersPerSecond: float, seconds: Callable[[], float]) -> None:
        self._rate = answersPerSecond
        self._burst = answersPerSecond * 10
        self._seconds = seconds
        self._budgets: OrderedDict[str, tuple[float, float, bool]] = OrderedDict()  # network → left, since, was one cut

    def refusal(self, question: bytes, address: str) -> bytes | None:
        """What this address gets instead of an answer: b"" for nothing; None while it gets answers. Counts it."""
        network = network_of(address)
        if network is None:
            return None
        now = self._seconds()
        left, since, was_cut = self._budgets.setdefault(network, (self._burst, now, False))
        left = min(self._burst, left + (now - since) * self._rate)
        self._budgets.move_to_end(network)
        if len(self._budgets) > _MOST_NETWORKS:  # the one that was quiet for longest goes, which a flooded one never is
            self._budgets.popitem(last=False)
        if left >= 1:
            self._budgets[network] = left - 1, now, was_cut
            return None
        self._budgets[network] = left, now, not was_cut
        return b"" if was_cut else cut(question)
