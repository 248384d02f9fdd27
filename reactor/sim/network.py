"""All hosts of a world, and the packets between them."""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Callable, Iterable
from random import Random
from typing import TYPE_CHECKING

from reactor.sim.addresses import ANY, BROADCAST, failure, is_group, is_loopback
from reactor.sim.clock import Clock
from reactor.sim.links import Link, loopback
from reactor.sim.packets import Datagram, Packet

if TYPE_CHECKING:
    from reactor.sim.host import Host


class Network:
    """One network for all hosts, with a link between each two.

    A host's packet to itself arrives before the call that sends it returns, as on Linux. One to another host arrives
    when its link says.
    note: called with a line for everything that happens.
    """

    def __init__(self, clock: Clock, random: Random, note: Callable[[str], None]) -> None:
        self.clock = clock
        self.random = random
        self.note = note
        self.hosts: list[Host] = []
        self._by_address: dict[str, Host] = {}
        self._links: dict[tuple[Host, Host], Link] = {}
        self._arriving: deque[tuple[Host, Packet]] = deque()
        self._is_delivering = False

    # --- what it is made of

    def add(self, host: Host) -> None:
        """Put a host on the network, with a default link to each other host, and a link to itself."""
        self._links[host, host] = loopback()
        for other in self.hosts:
            self._links[host, other] = self._links[other, host] = Link()
        self.hosts.append(host)
        for address in host.addresses:
            self._by_address[address] = host

    def link(self, one: Host, other: Host) -> Link:
        """The link between these two."""
        return self._links[one, other]

    def way(self, sender: Host, address: str) -> tuple[Host, Link] | None:
        """The host with this address, and the link to it from `sender`.

        None for an address of this network that no host has: what is sent there vanishes. Raises ENETUNREACH for one
        of another network: there is no router.
        """
        found = sender if is_loopback(address) or address in ANY else self._by_address.get(address)
        if found is not None:
            return found, self._links[sender, found]
        if address.startswith(("10.", "fd00:")):
            return None
        raise failure(errno.ENETUNREACH)

    # --- sending

    def send(self, sender: Host, packet: Packet) -> None:
        """Send a packet. Raises ENETUNREACH."""
        target = packet.target[0]
        if isinstance(packet, Datagram) and (target == BROADCAST or is_group(target)):
            raise AssertionError("what goes to many is sent by `send_to_many`")
        way = self.way(sender, target)
        if way is None:
            self._note(packet, "  (nobody has this address)")
        else:
            self._carry(sender, packet, *way)

    def send_to_many(self, sender: Host, datagram: Datagram, and_to_self: bool) -> None:
        """Send a datagram to a group, or a broadcast."""
        others: Iterable[Host] = [host for host in self.hosts if host is not sender]
        if datagram.hops == 0:  # it may not even reach the next host
            others = ()
        for host in [*([sender] if and_to_self else ()), *others]:
            self._carry(sender, datagram, host, self._links[sender, host])

    def _carry(self, sender: Host, packet: Packet, host: Host, link: Link) -> None:
        now = self.clock.seconds()
        arrivals = link.arrivals(packet, sender, now, self.random)
        if not arrivals:
            self._note(packet, "  (lost)" if link.is_up else "  (the link is cut)")
        for number, time in enumerate(arrivals):
            self._note(packet, "  (again)" if number else "")
            if time <= now:
                self._deliver(host, packet)
            else:
                self.clock.set_at(time, self._deliver, host, packet)

    def _note(self, packet: Packet, what: str) -> None:
        self.note(f"{packet}{what}")

    def _deliver(self, host: Host, packet: Packet) -> None:
        """Deliver a packet. Answers that arrive at once wait, so that no host is called from inside itself."""
        self._arriving.append((host, packet))
        if self._is_delivering:
            return
        self._is_delivering = True
        try:
            while self._arriving:
                arrived_at, arrived = self._arriving.popleft()
                arrived_at.receive(arrived)
        finally:
            self._is_delivering = False
