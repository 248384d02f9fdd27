"""The link between two hosts: its delay, its bandwidth, and what happens to packets on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from reactor.sim.packets import Packet, Segment


@dataclass
class Link:
    """The properties of a link, the same in both directions. All of them may be changed at any time.

    latency_s: seconds for every packet. jitter_s: up to this many seconds more, at random.
    bandwidth: bytes a second; None for no limit. Packets of one direction wait for each other.
    loss, duplication, reordering: the share of packets, 0 to 1, that it happens to. TCP sends lost packets again, and
        its packets are not duplicated or reordered here: TCP would undo that, and no program could tell.
    mss: the most bytes of data in a TCP segment. shred: the share of segments, 0 to 1, that are cut in two, anywhere.
    is_up: whether packets get through at all.
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
        """From now on drop all packets, silently. Those that are on their way arrive."""
        self.is_up = False

    def mend(self) -> None:
        """Let packets through again."""
        self.is_up = True

    def arrivals(self, packet: Packet, sender: object, now: float, random: Random) -> list[float]:
        """The times at which a packet that leaves now arrives: none, one or two."""
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
            return arrives + self.latency_s + self.jitter_s  # late enough that the next ones may overtake it
        self._last_at[sender] = arrives = max(arrives, self._last_at.get(sender, 0.0))
        return arrives

    def cut_off(self, size: int, random: Random) -> int:
        """How many of `size` bytes (1 or more) go into the next segment."""
        size = min(size, self.mss)
        return random.randint(1, size) if size > 1 and _happens(self.shred, random) else size


def _happens(part: float, random: Random) -> bool:
    return part > 0 and random.random() < part


def loopback() -> Link:
    """The link from a host to itself: without delay, and with segments as large as Linux makes them there."""
    return Link(latency_s=0.0, mss=65483)
