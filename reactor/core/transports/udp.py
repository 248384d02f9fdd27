"""UDP, over IPv4 and IPv6."""

from __future__ import annotations

import socket
from typing import Any

from reactor import error
from reactor.abstract import isIPAddress, isIPv6Address
from reactor.address import IPv4Address, IPv6Address
from reactor.core.loop.core import Loop
from reactor.core.transports.checks import check_datagram, check_port
from reactor.core.transports.datagrams import DatagramPort
from reactor.core.transports.tcp import SocketAddress, to_socket_address


class Port(DatagramPort):
    """A UDP port that sends and receives for a protocol. Made by `reactor.listenUDP`, and the protocol's transport."""

    def __init__(self, port: int, protocol: Any, interface: str, maxPacketSize: int, reactor: Loop) -> None:
        super().__init__(protocol, maxPacketSize, reactor)
        self.port = port
        self.interface = interface
        self.addressFamily = _family_of(interface) if interface else socket.AF_INET
        self._peer: SocketAddress | None = None  # after `connect`

    def _open(self) -> Any:
        new = None
        try:
            new = self.reactor.system.udp_socket(self.interface)
            self._prepare(new)
            new.bind(to_socket_address(self.interface, self.port))
        except OSError as problem:
            if new is not None:
                new.close()
            raise error.CannotListenError(self.interface, self.port, problem) from problem
        self._peer = None
        return new

    def _prepare(self, new: Any) -> None:
        """Set the options that the socket needs before `bind`."""

    def getHost(self) -> IPv4Address | IPv6Address:
        """The address that the port is bound to, with the kernel's choice in place of 0. Raises NotListeningError."""
        if self.socket is None:
            raise error.NotListeningError(f"{self!r} has no address")
        host, port = self.socket.getsockname()[:2]
        return (
            IPv4Address("UDP", host, port) if self.addressFamily == socket.AF_INET else IPv6Address("UDP", host, port)
        )

    # --- sending

    def connect(self, host: str, port: int) -> None:
        """Talk to this one peer only: other senders are ignored, and `write` needs no address.

        If no socket is open there, and the peer's kernel says so (ICMP), the protocol's `connectionRefused` is called:
        from inside a later `write`, or when the news is read.
        host: an address of this port's family, no name. Raises InvalidAddressError, ValueError or TypeError for
        anything else; RuntimeError when the port is connected already.
        """
        if self._peer is not None:
            raise RuntimeError(f"already connected to {self._peer[0]}:{self._peer[1]}, and that is for good")
        self._check_address((host, port))
        self.socket.connect(to_socket_address(host, port))
        self._peer = (host, port)

    def write(self, datagram: bytes, addr: tuple[str, int] | None = None) -> None:
        """Send one datagram, at once; if the kernel has no room for it, it is dropped.

        addr: (host, port): an address of this port's family, no name; or "<broadcast>" if that is allowed. On a
            connected port leave it out, or give the peer's.
        Raises MessageLengthError; InvalidAddressError, ValueError or TypeError; OSError when there is no route there.
        """
        check_datagram(datagram)
        if self.socket is None:
            raise error.NotListeningError(f"cannot write {len(datagram)} bytes: {self!r} is closed")
        if self._peer is not None:
            if addr is not None and tuple(addr) != self._peer:
                raise ValueError(f"the port is connected to {self._peer}, it can't write to {addr!r}")
            self._send(self.socket.send, datagram)
        else:
            self._check_address(addr)
            self._send(self.socket.sendto, datagram, addr)

    def writeSequence(self, seq: Any, addr: tuple[str, int] | None = None) -> None:
        """Send these, joined, as one datagram."""
        self.write(b"".join(seq), addr)

    def _check_address(self, addr: Any) -> None:
        if not isinstance(addr, tuple) or len(addr) != 2:
            raise TypeError(f"a datagram needs an address to go to, (host, port), not {addr!r}")
        host, port = addr
        check_port(port)
        family = socket.AF_INET if host == "<broadcast>" else _family_of(host)
        if family != self.addressFamily:
            ours, theirs = ("IPv4", "IPv6") if self.addressFamily == socket.AF_INET else ("IPv6", "IPv4")
            raise error.InvalidAddressError(host, f"an {ours} port can't write to an {theirs} address")

    # --- receiving

    def _deliver(self, datagram: bytes, sender: SocketAddress) -> None:
        self.protocol.datagramReceived(datagram, sender[:2])

    def _refused(self) -> None:
        if self._peer is not None:
            self.protocol.connectionRefused()

    # --- options

    def setBroadcastAllowed(self, enabled: bool) -> None:
        """Choose whether datagrams may be sent to all machines on a network; by default they may not."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, bool(enabled))

    def getBroadcastAllowed(self) -> bool:
        """Whether datagrams may be sent to all machines on a network."""
        return bool(self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST))

    def _where(self) -> object:
        return self.socket.getsockname()[1]

    def __repr__(self) -> str:
        where = f"on {self._where()}" if self.socket is not None else "(not listening)"
        return f"<{type(self).__name__} of {type(self.protocol).__name__} {where}>"


def _family_of(host: object) -> int:
    """The address family of a host. Raises InvalidAddressError if it is no address."""
    if isinstance(host, (str, bytes)):
        if isIPv6Address(host):
            return socket.AF_INET6
        if isIPAddress(host):
            return socket.AF_INET
    raise error.InvalidAddressError(host, "not an IPv4 or IPv6 address")
