"""How many answers a network gets. Who asks over UDP may write the address of another, and have us flood him.

So networks have a budget that fills up as time goes by, and not single addresses, which the attacker varies. When it is
spent, every second question gets no answer, and the others one that is empty and says "cut", on which an honest client
asks again over TCP. There an address can't be somebody else's, and there is no limit.
"""

from __future__ import annotations

import enum
import ipaddress
from collections import OrderedDict
from collections.abc import Callable

_MOST_NETWORKS = 20_000
_PREFIX_BITS = {4: 24, 6: 56}


class Verdict(enum.Enum):
    """What to do about a question."""

    ANSWER = enum.auto()
    CUT = enum.auto()
    DROP = enum.auto()


def cut(data: bytes) -> bytes:
    """An answer to these bytes that holds nothing, and says that it was cut. b"" if they are no question."""
    end = data.find(b"\0", 12) + 5
    if len(data) < end or end < 17 or data[2] & 0x80 or data[4:6] != b"\0\1":
        return b""
    return data[:2] + bytes([data[2] & 0x79 | 0x82, 0]) + b"\0\1" + bytes(6) + data[12:end]


class RateLimit:
    """A budget of answers for each network: /24 of IPv4, /56 of IPv6. This machine itself has no limit.

    answersPerSecond: for as long as it likes; ten times as many at once. seconds: the clock, such as reactor.seconds.
    """

    def __init__(self, answersPerSecond: float, seconds: Callable[[], float]) -> None:
        self._rate = answersPerSecond
        self._burst = answersPerSecond * 10
        self._seconds = seconds
        self._networks: dict[str, str | None] = {}  # address → its network; None for this machine
        self._budgets: OrderedDict[str, tuple[float, float, bool]] = OrderedDict()  # network → left, since, was one cut

    def verdict(self, address: str) -> Verdict:
        """What to do about a question from this address. Counts it."""
        network = self._networks.get(address, "")
        if network == "":
            network = self._network(address)
        if network is None:
            return Verdict.ANSWER
        now = self._seconds()
        left, since, was_cut = self._budgets.setdefault(network, (self._burst, now, False))
        left = min(self._burst, left + (now - since) * self._rate)
        self._budgets.move_to_end(network)
        if len(self._budgets) > _MOST_NETWORKS:  # the one that was quiet for longest goes, which a flooded one never is
            self._budgets.popitem(last=False)
        if left >= 1:
            self._budgets[network] = left - 1, now, was_cut
            return Verdict.ANSWER
        self._budgets[network] = left, now, not was_cut
        return Verdict.DROP if was_cut else Verdict.CUT

    def _network(self, address: str) -> str | None:
        if len(self._networks) >= _MOST_NETWORKS:
            self._networks.clear()
        parsed = ipaddress.ip_address(address.partition("%")[0])
        network = str(ipaddress.ip_network((parsed, _PREFIX_BITS[parsed.version]), strict=False))
        self._networks[address] = None if parsed.is_loopback else network
        return self._networks[address]
