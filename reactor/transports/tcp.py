"""A connection over TCP: the buffering core, plus addresses, socket options, and the two ways to close a socket."""

from __future__ import annotations

import socket
import struct
from typing import Any

from reactor.address import IPv4Address, IPv6Address
from reactor.interfaces import IProtocol
from reactor.loop.core import Loop
from reactor.transports.stream import StreamTransport

SocketAddress = tuple[Any, ...]


def to_address(name: SocketAddress) -> IPv4Address | IPv6Address:
    """What the socket module says (RFC 3493: two fields for IPv4, four for IPv6), as an address of ours."""
    if len(name) == 2:
        return IPv4Address("TCP", *name)
    host, port, flow, scope = name
    if scope and "%" not in host:
        host = f"{host}%{socket.if_indextoname(scope)}"
    return IPv6Address("TCP", host, port, flow, scope)


def to_socket_address(host: str, port: int) -> SocketAddress:
    """The other way: what `bind` and `connect` want. For IPv6 a scope behind `%` is looked up. Raises OSError."""
    if ":" not in host:
        return host, port
    numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=numeric)[0][4]


class Connection(StreamTransport):
    """One end of an established TCP connection.

    peer: the other end, as the socket module says it. label: how the connection shows itself in logs.
    """

    def __init__(self, reactor: Loop, skt: Any, protocol: IProtocol, peer: SocketAddress, label: str) -> None:
        self._peer = peer
        self._own_name: SocketAddress | None = None  # filled in at the end, when the socket can't be asked any more
        self._label = label
        super().__init__(reactor, skt, protocol)

    def getPeer(self) -> IPv4Address | IPv6Address:
        """Where the other end is. Also when the connection is over."""
        return to_address(self._peer)

    def getHost(self) -> IPv4Address | IPv6Address:
        """Where this end is. Also when the connection is over."""
        return to_address(self._own_name or self.socket.getsockname())

    def getHandle(self) -> Any:
        """The socket itself."""
        return self.socket

    def getTcpNoDelay(self) -> bool:
        """Whether small pieces leave at once (Nagle's algorithm, RFC 896, is off)."""
        return bool(self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Whether small pieces are to leave at once, rather than wait for the last one's acknowledgement."""
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, bool(enabled))

    def getTcpKeepAlive(self) -> bool:
        """Whether the kernel asks an idle peer if it is still there (RFC 9293, section 3.8.4)."""
        return bool(self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """Whether the kernel is to ask an idle peer if it is still there."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, bool(enabled))

    def _close_socket(self, reset: bool) -> None:
        """Close in order; or with `reset`: the kernel drops what it holds and sends RST (socket(7), SO_LINGER)."""
        try:
            self._own_name = self.socket.getsockname()
            if reset:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the peer was quicker
        self.socket.close()

    def __repr__(self) -> str:
        return f"<{self._label} {self.state.value}>"
