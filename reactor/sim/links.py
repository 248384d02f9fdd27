"""The way between two hosts: how long it takes, how much fits through, and what becomes of packets on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from reactor.sim.packets import Packet, Segment


@dataclass
class Link:
    """What a link is like, the same in both directions. All of it may be changed at any time.

    latency_s: seconds for every packet. jitter_s: up to so many more, at random.
    bandwidth: bytes a second; None for no limit. Packets of one direction wait for each other.
    loss, duplication, reordering: the part of packets, 0 to 1, to which it happens. TCP sends again what is lost, and
        its packets are not duplicated or reordered here: it would put them right, and no program could tell.
    mss: bytes of data in a TCP segment at most. shred: the part of those, 0 to 1, that are cut in two, anywhere.
    is_up: whether anything comes through at all.
    """

    latency_s: float = 0.0005
    jitter_s: float = 0.0
    bandwidth: float | None = None
    loss: float = 0.0
    duplication: float = 0.0
    reordering: float = 0.0
    mss: int = 1460
    shred: float = 0.0
    is_up: bool = True
    _free_at: dict[object, float] = field(default_factory=dict, repr=False)  # by direction: when it can send
    _last_at: dict[object, float] = field(default_factory=dict, repr=False)  # by direction: when the last one arrives

    def cut(self) -> None:
        """Let nothing through from now on; nobody is told. What is on its way arrives."""
        self.is_up = False

    def mend(self) -> None:
        """Let packets through again."""
        self.is_up = True

    def arrivals(self, packet: Packet, sender: object, now: float, random: Random) -> list[float]:
        """When a packet that leaves now arrives: not at all, once or twice."""
        if not self.is_up or _happens(self.loss, random):
            return []
        leaves = now
        if self.bandwidth is not None:
            leaves = max(now, self._free_at.get(sender, 0.0)) + packet.size / self.bandwidth
            self._free_at[sender] = leaves
        first = self._arrival(packet, sender, leaves, random)
        if isinstance(packet, Segment) or not _happens(self.duplication, random):
            return [first]
        return [first, self._arrival(packet, sender, leaves, random)]

    def _arrival(self, packet: Packet, sender: object, leaves: float, random: Random) -> float:
        arrives = leaves + self.latency_s + (random.uniform(0, self.jitter_s) if self.jitter_s else 0.0)
        if not isinstance(packet, Segment) and _happens(self.reordering, random):
            return arrives + self.latency_s + self.jitter_s  # so much later that the next ones may overtake it
        self._last_at[sender] = arrives = max(arrives, self._last_at.get(sender, 0.0))
        return arrives

    def cut_off(self, size: int, random: Random) -> int:
        """How many of `size` bytes, at least 1, go into the next segment."""
        size = min(size, self.mss)
        return random.randint(1, size) if size > 1 and _happens(self.shred, random) else size


def _happens(part: float, random: Random) -> bool:
    return part > 0 and random.random() < part


def loopback() -> Link:
    """From a host to itself: at once, and in segments as large as Linux makes them there."""
    return Link(latency_s=0.0, mss=65483)
