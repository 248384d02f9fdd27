"""A UDP socket: udp(7), and what ip(7) says about groups. Datagrams come whole, in any order, twice, or not at all."""

from __future__ import annotations

import errno
import socket
import struct
from collections import deque
from typing import Any

from reactor.sim.addresses import ANY, BROADCAST, failure, is_group, plain, shown
from reactor.sim.descriptors import POLLERR, POLLIN, POLLOUT, Descriptors
from reactor.sim.host import Host
from reactor.sim.packets import Datagram, Place, Unreachable
from reactor.sim.ports import Claim
from reactor.sim.resolver import Names
from reactor.sim.sockets import SHARES, SHARES_ALL, SimSocket

_LARGEST = 65507  # bytes: 65,535 less the headers of IPv4 and UDP
_OVERHEAD = 256  # bytes of the buffer that each waiting datagram takes besides its own

_JOIN = {(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP), (socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP)}
_LEAVE = {(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP), (socket.IPPROTO_IPV6, socket.IPV6_LEAVE_GROUP)}
_LOOP: dict[int, tuple[int, int]] = {
    socket.AF_INET: (socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP),
    socket.AF_INET6: (socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP),
}
_HOPS: dict[int, tuple[int, int]] = {
    socket.AF_INET: (socket.IPPROTO_IP, socket.IP_MULTICAST_TTL),
    socket.AF_INET6: (socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS),
}


class UDPSocket(SimSocket):
    """A socket of SOCK_DGRAM. Made by `SimSystem.udp_socket`."""

    type = socket.SOCK_DGRAM

    def __init__(self, host: Host, descriptors: Descriptors, names: Names, family: int) -> None:
        super().__init__(host, descriptors, names, family)
        self._claim: Claim | None = None
        self._peer: Place | None = None
        self._groups: dict[str, None] = {}
        self._waiting: deque[Datagram] = deque()
        self._waiting_bytes = 0

    # --- names

    def bind(self, address: Any) -> None:
        """Bind to an address and a port. Raises OSError: taken, not this host's, or bound already."""
        place = self._place(address)
        if self._claim is not None:
            raise failure(errno.EINVAL)
        if not is_group(place[0]):
            self.host.check_own(place[0])
        claim = Claim(
            place,
            shares=bool(self._option(*SHARES)),
            shares_all=bool(self._option(*SHARES_ALL)),
            only_ipv6=bool(self._option(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)),
        )
        self._claim = self.host.udp_ports.take(claim)
        self.host.udp_sockets[self._claim] = self

    def connect(self, address: Any) -> None:
        """Talk to this one peer only. Raises OSError."""
        place = self._real_target(self._place(address))
        ours = self.host.address_towards(place[0])
        if self._claim is None:
            self.bind((ours, 0))
        assert self._claim is not None
        if self._claim.place[0] in ANY:
            self._claim.place = (ours, self._claim.place[1])
        self._peer = place

    def _real_target(self, place: Place) -> Place:
        if place[0] in ANY:
            return ("::1" if ":" in place[0] else "127.0.0.1"), place[1]
        return place

    def getsockname(self) -> tuple[Any, ...]:
        """The address of this end."""
        self._require_open()
        place = self._claim.place if self._claim is not None else (ANY[self.family == socket.AF_INET6], 0)
        return shown(self.family, place)

    def getpeername(self) -> tuple[Any, ...]:
        """The address of the one peer. Raises ENOTCONN."""
        self._require_open()
        if self._peer is None:
            raise failure(errno.ENOTCONN)
        return shown(self.family, self._peer)

    # --- sending

    def send(self, data: bytes, flags: int = 0) -> int:
        """Send a datagram to the one peer. Raises OSError: EDESTADDRREQ without one."""
        self._require_open()
        if self._peer is None:
            raise failure(errno.EDESTADDRREQ)
        return self._send(data, self._peer)

    def sendto(self, data: bytes, address: Any) -> int:
        """Send a datagram. Raises OSError."""
        if isinstance(address, tuple) and address and address[0] == "<broadcast>":
            address = (BROADCAST, *address[1:])
        return self._send(data, self._real_target(self._place(address)))

    def _send(self, data: bytes, target: Place) -> int:
        if self.error:
            raise failure(self._take_error())
        if len(data) > _LARGEST:
            raise failure(errno.EMSGSIZE)
        to_all = target[0] == BROADCAST
        if to_all and not self._option(socket.SOL_SOCKET, socket.SO_BROADCAST):
            raise failure(errno.EACCES)
        if not target[1]:
            raise failure(errno.EINVAL)
        to_many = to_all or is_group(target[0])
        source = self.host.addresses[":" in target[0]] if to_many else self.host.address_towards(target[0])
        if self._claim is None:
            self.bind(("", 0))
        assert self._claim is not None
        own, port = self._claim.place
        source = source if own in ANY or is_group(own) else own
        if to_many:
            datagram = Datagram((source, port), target, bytes(data), self._option(*_HOPS[self.family]))
            self.host.network.send_to_many(self.host, datagram, to_all or bool(self._option(*_LOOP[self.family])))
        else:
            self.host.send(Datagram((source, port), target, bytes(data)))
        return len(data)

    # --- receiving

    def wants(self, datagram: Datagram) -> bool:
        """Whether the datagram may be for this socket. Called by the host."""
        host, port = datagram.target
        if self._claim is None or self._claim.place[1] != port:
            return False
        if self._peer is not None and datagram.source != self._peer:
            return False
        if is_group(host):
            return host in self._groups and (self._claim.place[0] in (*ANY, host))
        if host == BROADCAST:
            return self._claim.place[0] in (*ANY, BROADCAST) and self.family == socket.AF_INET
        return self._claim.covers(host)

    def rank(self, datagram: Datagram) -> int:
        """How specifically the datagram matches this socket: by peer, by address, or just by port."""
        assert self._claim is not None
        return 2 * (self._peer is not None) + (self._claim.place[0] not in ANY)

    def receive(self, datagram: Datagram) -> None:
        """Keep a datagram that has come, or drop it when there is no room. Called by the host."""
        size = len(datagram.data) + _OVERHEAD
        if self._waiting_bytes + size > self._buffers()[1]:
            return
        self._waiting.append(datagram)
        self._waiting_bytes += size
        self._changed()

    def hear_unreachable(self, news: Unreachable) -> None:
        """No socket took the datagram: report that if this socket has one peer. Called by the host."""
        if self._peer == news.source and self._claim is not None and self._claim.place == news.target:
            self.error = errno.ECONNREFUSED
            self._changed()

    def recvfrom(self, size: int, flags: int = 0) -> tuple[bytes, tuple[Any, ...]]:
        """The datagram that waits longest, at most `size` bytes of it, and its sender. Raises OSError.

        flags: MSG_PEEK leaves it there.
        """
        self._require_open()
        if self.error:
            raise failure(self._take_error())
        if not self._waiting:
            raise failure(errno.EAGAIN)
        datagram = self._waiting[0]
        if not flags & socket.MSG_PEEK:
            self._waiting.popleft()
            self._waiting_bytes -= len(datagram.data) + _OVERHEAD
        return datagram.data[:size], shown(self.family, datagram.source)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """As `recvfrom`, without the sender."""
        return self.recvfrom(size, flags)[0]

    @property
    def listens(self) -> bool:
        return self._claim is not None

    def ready(self) -> int:
        return POLLOUT | (POLLIN if self._waiting or self.error else 0) | (POLLERR if self.error else 0)

    # --- groups

    def setsockopt(self, level: int, option: int, value: int | bytes) -> None:
        """Set an option, or join and leave a group. Raises OSError: no such group or interface, joined already."""
        if (level, option) in _JOIN | _LEAVE and isinstance(value, bytes):
            self._change_membership((level, option) in _JOIN, self._group(level, value))
            return
        if (level, option) == (socket.IPPROTO_IP, socket.IP_MULTICAST_IF) and isinstance(value, bytes):
            self._check_interface(value)
        if (level, option) == (socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF):
            _check_interface_number(int(value))
        super().setsockopt(level, option, value)

    def _group(self, level: int, value: bytes) -> str:
        """The group in a struct ip_mreq, ip(7), or ipv6_mreq, ipv6(7)."""
        if level == socket.IPPROTO_IPV6:
            _check_interface_number(struct.unpack("I", value[16:20])[0])
            return plain(socket.inet_ntop(socket.AF_INET6, value[:16]))
        self._check_interface(value[4:8])
        return socket.inet_ntop(socket.AF_INET, value[:4])

    def _check_interface(self, value: bytes) -> None:
        address = socket.inet_ntop(socket.AF_INET, value[:4])
        try:
            self.host.check_own(address)
        except OSError:
            raise failure(errno.ENODEV) from None

    def _change_membership(self, joins: bool, group: str) -> None:
        self._require_open()
        if not is_group(group):
            raise failure(errno.EINVAL)
        if joins and group in self._groups:
            raise failure(errno.EADDRINUSE)
        if joins:
            self._groups[group] = None
        elif group in self._groups:
            del self._groups[group]
        else:
            raise failure(errno.EADDRNOTAVAIL)

    def shutdown(self, how: int) -> None:
        """Does nothing: there is no direction to end. Raises ENOTCONN without a peer."""
        self.getpeername()

    def _release(self) -> None:
        if self._claim is not None:
            del self.host.udp_sockets[self._claim]
            self.host.udp_ports.give_back(self._claim)
            self._claim = None


def _check_interface_number(number: int) -> None:
    """Checks the number of an interface: each host has one, and 0 is any. Raises ENODEV."""
    if number not in (0, 1):
        raise failure(errno.ENODEV)
