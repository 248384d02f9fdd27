"""A machine: its names and addresses, its ports, and which socket gets a packet that arrives."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reactor.sim.addresses import ANY, failure, is_group, is_loopback
from reactor.sim.files import Files
from reactor.sim.packets import Datagram, Packet, Place, Segment, Unreachable
from reactor.sim.ports import Claim, Ports
from reactor.sim.tcp import OVER

if TYPE_CHECKING:
    from reactor.sim.network import Network
    from reactor.sim.tcp import Endpoint
    from reactor.sim.tcp_socket import TCPSocket
    from reactor.sim.udp import UDPSocket


class Host:
    """One machine of a world. Made by `World.host`.

    name: how others find it. addresses: IPv4 and IPv6; "127.0.0.1" and "::1" it has besides, as every host.
    tcp_ports, udp_ports: who has which. files: what UNIX sockets leave in directories.
    reads: the sizes of the first reads of each TCP connection that begins from now on. A read ends at each of these
        places in the stream, however much is there behind it: a test decides how a program gets its bytes. (A small
        `mss` doesn't always: segments that a host sends to itself are one read.) Later reads take all that is there.
    is_paused: whether its programs do nothing for now. Its kernel goes on: packets are acknowledged, buffers fill.
    """

    def __init__(self, name: str, addresses: tuple[str, ...], network: Network) -> None:
        self.name = name
        self.addresses = addresses
        self.network = network
        self.tcp_ports = Ports()
        self.udp_ports = Ports()
        self.files = Files()
        self.listening: dict[Claim, TCPSocket] = {}
        self.connections: dict[tuple[Place, Place], Endpoint] = {}  # (ours, theirs)
        self.udp_sockets: dict[Claim, UDPSocket] = {}
        self.reads: Sequence[int] = ()
        self.is_paused = False

    def pause(self, seconds: float | None = None) -> None:
        """Let its programs do nothing, as on a machine that is overloaded. seconds: how long; None until `resume`."""
        self.is_paused = True
        if seconds is not None:
            self.network.clock.set(seconds, self.resume)

    def resume(self) -> None:
        """Let its programs go on. Timers that were due meanwhile are late."""
        self.is_paused = False

    def reset(self, peer: Host) -> None:
        """End each TCP connection with this host, at both ends, as if each end had reset it."""
        for host, other in ((self, peer), (peer, self)):
            for (_, remote), endpoint in list(host.connections.items()):
                way = self.network.way(host, remote[0])
                if way is not None and way[0] is other and endpoint.state not in OVER:
                    endpoint.fail(errno.ECONNRESET)

    # --- addresses

    def check_own(self, address: str) -> None:
        """Raises EADDRNOTAVAIL unless a socket of this host can be bound to the address."""
        if address not in ANY and address not in self.addresses and not is_loopback(address):
            raise failure(errno.EADDRNOTAVAIL)

    def address_towards(self, target: str) -> str:
        """The address of this host that a packet to `target` comes from. Raises ENETUNREACH."""
        if is_loopback(target):
            return "::1" if ":" in target else "127.0.0.1"
        if target in self.addresses:
            return target
        for address in self.addresses:
            if (":" in address) == (":" in target):
                return address
        raise failure(errno.ENETUNREACH)

    # --- packets

    def send(self, packet: Packet) -> None:
        """Send a packet. Raises ENETUNREACH."""
        self.network.send(self, packet)

    def receive(self, packet: Packet) -> None:
        """A packet has arrived. Called by the network."""
        if isinstance(packet, Segment):
            self._receive_segment(packet)
        elif isinstance(packet, Datagram):
            self._receive_datagram(packet)
        else:
            self._receive_news(packet)

    def _receive_segment(self, segment: Segment) -> None:
        connection = self.connections.get((segment.target, segment.source))
        if connection is not None and not (segment.flags == "SYN" and connection.is_reusable):
            connection.receive(segment)
            return
        listener = self._listener(segment.target)
        if listener is not None and segment.flags == "SYN":
            listener.invite(segment)
        elif "RST" not in segment.flags:
            self.refuse(segment)

    def _listener(self, place: Place) -> TCPSocket | None:
        """The socket that takes connections there: one bound to this address, else one bound to all."""
        found = [claim for claim in self.listening if claim.place[1] == place[1] and claim.covers(place[0])]
        best = min(found, key=lambda claim: claim.place[0] != place[0], default=None)
        return None if best is None else self.listening[best]

    def refuse(self, segment: Segment) -> None:
        """Answer with a reset: there is no such connection here (RFC 9293, section 3.10.7.1)."""
        taken = segment.seq + len(segment.data) + ("SYN" in segment.flags) + ("FIN" in segment.flags)
        if "ACK" in segment.flags:
            self.send(Segment(segment.target, segment.source, "RST", segment.ack, 0, 0))
        else:
            self.send(Segment(segment.target, segment.source, "RST ACK", 0, taken, 0))

    def _receive_datagram(self, datagram: Datagram) -> None:
        takers = [skt for skt in self.udp_sockets.values() if skt.wants(datagram)]
        to_many = is_group(datagram.target[0]) or datagram.target[0] == "255.255.255.255"
        if to_many:
            for skt in takers:
                skt.receive(datagram)
        elif takers:  # the most specific one; among equals the newest, as in Linux
            max(reversed(takers), key=lambda skt: skt.rank(datagram)).receive(datagram)
        else:
            self.send(Unreachable(datagram))

    def _receive_news(self, news: Unreachable) -> None:
        for skt in self.udp_sockets.values():
            skt.hear_unreachable(news)

    def __repr__(self) -> str:
        return f"<Host {self.name} {' '.join(self.addresses)}>"
