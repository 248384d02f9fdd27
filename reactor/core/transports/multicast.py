"""Multicast: one datagram for all members of a group, IPv4 (RFC 1112) and IPv6 (RFC 4291, section 2.7).

A group is an address that belongs to no machine. A socket joins by telling its kernel, which tells the routers. For
IPv4 an interface is named by one of its addresses; for IPv6, where several may share one, by its number.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import Any

from reactor import defer, error
from reactor.abstract import isIPAddress, isIPv6Address
from reactor.core.loop.core import Loop
from reactor.core.transports.udp import Port
from reactor.defer import Deferred


class MulticastPort(Port):
    """A UDP port that can join groups. Made by `reactor.listenMulticast`.

    listenMultiple: share the port with other sockets, in this process or another, that set this too.
    """

    def __init__(
        self, port: int, protocol: Any, interface: str, maxPacketSize: int, reactor: Loop, listenMultiple: bool
    ) -> None:
        super().__init__(port, protocol, interface, maxPacketSize, reactor)
        self.listenMultiple = listenMultiple
        self._kind: _IPv4 | _IPv6 = _IPv6() if self.addressFamily == socket.AF_INET6 else _IPv4()

    def _prepare(self, new: Any) -> None:
        if self.listenMultiple:
            self.reactor.system.share_port(new)

    # --- groups

    def joinGroup(self, addr: str, interface: str = "") -> Deferred[None]:
        """Receive what is sent to a group, from now on.

        addr: the group's address. interface: where to receive: for IPv4 one of the interface's addresses, for IPv6 its
            name, its number or an address with a scope; if left out, the kernel chooses.
        Fails with MulticastJoinError: no such group or interface, or joined already.
        """
        return self._change_membership(self._kind.JOIN, addr, interface)

    def leaveGroup(self, addr: str, interface: str = "") -> Deferred[None]:
        """Undo `joinGroup`. Fails with MulticastJoinError when the group was not joined there."""
        return self._change_membership(self._kind.LEAVE, addr, interface)

    def _change_membership(self, option: int, addr: str, interface: str) -> Deferred[None]:
        def change(group: str) -> None:
            try:
                self.socket.setsockopt(self._kind.LEVEL, option, self._kind.membership(group, interface))
            except (OSError, ValueError) as problem:
                raise error.MulticastJoinError(addr, interface, *problem.args) from problem

        return self._resolved(addr, change)

    def _resolved(self, host: str, action: Callable[[str], Any]) -> Deferred[Any]:
        """Look `host` up if it is a name, and call `action` with the address."""
        known = isIPAddress(host) or isIPv6Address(host)
        found = defer.succeed(host) if known else self.reactor.lookups.look_up(host)
        return found.addCallback(action)

    # --- sending to groups

    def setOutgoingInterface(self, addr: str | int) -> Deferred[int]:
        """Send to groups by this interface: for IPv4 one of its addresses, for IPv6 its number. The result is 1.

        Fails with MulticastJoinError: no such interface. Raises TypeError for the wrong one of the two.
        """
        if not isinstance(addr, self._kind.INTERFACE_IS):
            raise TypeError(f"the outgoing interface of this port is {self._kind.INTERFACE_IS}, not {addr!r}")

        def choose(interface: Any) -> int:
            try:
                value = self._kind.outgoing(interface)
                self.socket.setsockopt(self._kind.LEVEL, self._kind.OUTGOING, value)
            except OSError as problem:
                raise error.MulticastJoinError(addr, *problem.args) from problem
            return 1

        return defer.execute(choose, addr) if isinstance(addr, int) else self._resolved(addr, choose)

    def getOutgoingInterface(self) -> str | int:
        """The interface, as `setOutgoingInterface` takes it; "0.0.0.0" or 0 when the kernel chooses."""
        return self._kind.read_outgoing(self.socket)

    def setTTL(self, ttl: int) -> None:
        """Set how many networks a datagram to a group may cross. The default, 1, stays on the local network.

        Raises TypeError or ValueError unless `ttl` is a whole number from 0 to 255.
        """
        if not isinstance(ttl, int) or isinstance(ttl, bool):
            raise TypeError(f"a time to live is a whole number, not {ttl!r}")
        if not 0 <= ttl <= 255:
            raise ValueError(f"a time to live is between 0 and 255, not {ttl}")
        self.socket.setsockopt(self._kind.LEVEL, self._kind.HOPS, ttl)

    def getTTL(self) -> int:
        """How many networks a datagram to a group may cross."""
        return int(self.socket.getsockopt(self._kind.LEVEL, self._kind.HOPS))

    def setLoopbackMode(self, mode: bool | int) -> None:
        """Choose whether members of the group on this machine get what it sends; by default they do."""
        self.socket.setsockopt(self._kind.LEVEL, self._kind.LOOP, int(bool(mode)))

    def getLoopbackMode(self) -> bool:
        """Whether members of the group on this machine get what it sends."""
        return bool(self.socket.getsockopt(self._kind.LEVEL, self._kind.LOOP))


class _IPv4:
    """The options and their formats for IPv4, ip(7)."""

    LEVEL = socket.IPPROTO_IP
    JOIN, LEAVE = socket.IP_ADD_MEMBERSHIP, socket.IP_DROP_MEMBERSHIP
    OUTGOING, HOPS, LOOP = socket.IP_MULTICAST_IF, socket.IP_MULTICAST_TTL, socket.IP_MULTICAST_LOOP
    INTERFACE_IS = str

    def membership(self, group: str, interface: str) -> bytes:
        """struct ip_mreq. Raises OSError."""
        return socket.inet_pton(socket.AF_INET, group) + self.outgoing(interface or "0.0.0.0")

    def outgoing(self, interface: str) -> bytes:
        return socket.inet_pton(socket.AF_INET, interface)

    def read_outgoing(self, skt: Any) -> str:
        return socket.inet_ntop(socket.AF_INET, skt.getsockopt(self.LEVEL, self.OUTGOING, 4))


class _IPv6:
    """The options and their formats for IPv6, ipv6(7)."""

    LEVEL = socket.IPPROTO_IPV6
    JOIN, LEAVE = socket.IPV6_JOIN_GROUP, socket.IPV6_LEAVE_GROUP
    OUTGOING, HOPS, LOOP = socket.IPV6_MULTICAST_IF, socket.IPV6_MULTICAST_HOPS, socket.IPV6_MULTICAST_LOOP
    INTERFACE_IS = int

    def membership(self, group: str, interface: str) -> bytes:
        """struct ipv6_mreq. Raises OSError or ValueError."""
        return socket.inet_pton(socket.AF_INET6, group) + struct.pack("@I", _interface_number(interface))

    def outgoing(self, interface: int) -> int:
        return interface

    def read_outgoing(self, skt: Any) -> int:
        return int(skt.getsockopt(self.LEVEL, self.OUTGOING))


def _interface_number(interface: str) -> int:
    """The number of an interface given by name, number, or an address with a scope; 0 lets the kernel choose."""
    name = interface.rpartition("%")[2]
    if name in ("", "::"):
        return 0
    return int(name) if name.isdigit() else socket.if_nametoindex(name)
