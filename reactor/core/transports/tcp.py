"""TCP, over IPv4 and IPv6: its addresses, its options, its ports and its connectors."""

from __future__ import annotations

import errno
import socket
from typing import Any

from reactor import defer, error
from reactor.abstract import isIPAddress, isIPv6Address
from reactor.address import IPv4Address, IPv6Address
from reactor.core.loop.core import Loop
from reactor.core.transports import connecting
from reactor.core.transports.connection import SocketConnection
from reactor.core.transports.listening import ListeningPort
from reactor.defer import Deferred
from reactor.interfaces import IClientFactory, IProtocol, IProtocolFactory

SocketAddress = tuple[Any, ...]


def to_address(name: SocketAddress) -> IPv4Address | IPv6Address:
    """One of our addresses, from the socket module's form (RFC 3493: two fields for IPv4, four for IPv6)."""
    if len(name) == 2:
        return IPv4Address("TCP", *name)
    host, port, flow, scope = name
    if scope and "%" not in host:
        host = f"{host}%{socket.if_indextoname(scope)}"
    return IPv6Address("TCP", host, port, flow, scope)


def to_socket_address(host: str, port: int) -> SocketAddress:
    """The other way: the form for `bind` and `connect`. For IPv6 a scope after `%` is looked up. Raises OSError."""
    if ":" not in host:
        return host, port
    if isIPv6Address(host) and "%" not in host:
        return socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, host)), port, 0, 0
    numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=numeric)[0][4]


class Connection(SocketConnection):
    """One end of an established TCP connection."""

    def getPeer(self) -> IPv4Address | IPv6Address:
        """The address of the other end; also after the connection is lost."""
        return to_address(self._peer)

    def getHost(self) -> IPv4Address | IPv6Address:
        """The address of this end; also after the connection is lost."""
        return to_address(self._own_name())

    def getTcpNoDelay(self) -> bool:
        """Whether small pieces leave at once (Nagle's algorithm, RFC 896, is off)."""
        return bool(self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Choose whether small pieces leave at once, rather than wait until the previous one is acknowledged."""
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, bool(enabled))


class Port(ListeningPort):
    """A TCP port that takes connections for a factory. Made by `reactor.listenTCP`."""

    def __init__(self, port: int, factory: IProtocolFactory, backlog: int, interface: str, reactor: Loop) -> None:
        super().__init__(factory, backlog, reactor)
        self.port = port
        self.interface = interface

    def _new_socket(self) -> Any:
        return self.reactor.system.tcp_socket(self.interface)

    def _bind(self, listener: Any) -> None:
        self.reactor.system.prepare_to_listen(listener)
        listener.bind(to_socket_address(self.interface, self.port))

    def _cannot_listen(self, problem: OSError) -> error.CannotListenError:
        return error.CannotListenError(self.interface, self.port, problem)

    def _connection(self, skt: Any, protocol: IProtocol, peer: SocketAddress, label: str) -> Connection:
        return Connection(self.reactor, skt, protocol, peer, label)

    def _address(self, name: SocketAddress) -> IPv4Address | IPv6Address:
        return to_address(name)

    def _where(self) -> int:
        """The port number; the one that the kernel chose if the program asked for 0."""
        return self.port if self._socket is None else self._socket.getsockname()[1]


class Connector(connecting.Connector):
    """One client's way to one server over TCP. Made by `reactor.connectTCP`."""

    def __init__(
        self,
        host: str,
        port: int,
        factory: IClientFactory,
        timeout: float | None,
        bindAddress: tuple[str, int] | None,
        reactor: Loop,
    ) -> None:
        super().__init__(factory, timeout, reactor)
        self.host = host
        self.port = port
        self.bindAddress = bindAddress

    def getDestination(self) -> IPv4Address | IPv6Address:
        """The address that this connects to; its host is as the program gave it, perhaps a name."""
        kind = IPv6Address if ":" in self.host else IPv4Address
        return kind("TCP", self.host, self.port)

    def _prepared_socket(self) -> Any:
        """A socket bound to `bindAddress`; None without one."""
        if self.bindAddress is None:
            return None
        bound = None
        try:
            bound = self._new_socket(self.bindAddress[0])
            if self.bindAddress[1]:
                # So that the next connection may come from the same port soon after this one.
                self.reactor.system.prepare_to_listen(bound)
            bound.bind(to_socket_address(*self.bindAddress))
        except OSError as problem:
            if bound is not None:
                bound.close()
            raise error.ConnectBindError(problem.errno, problem.strerror or str(problem)) from problem
        return bound

    def _find(self) -> Deferred[str]:
        if isIPAddress(self.host) or isIPv6Address(self.host):
            return defer.succeed(self.host)
        return self.reactor.lookups.look_up(self.host)

    def _target(self, place: str) -> SocketAddress:
        if self.bindAddress is not None and (":" in place) != (":" in self.bindAddress[0]):
            local = self.bindAddress[0]
            raise OSError(errno.EAFNOSUPPORT, f"{place} can't be reached from {local}: one is IPv4, the other IPv6")
        return to_socket_address(place, self.port)

    def _new_socket(self, place: str) -> Any:
        return self.reactor.system.tcp_socket(place)

    def _connection(self, skt: Any, protocol: IProtocol, target: SocketAddress) -> Connection:
        label = f"{type(protocol).__name__} to {target[0]}:{target[1]}"
        return Connection(self.reactor, skt, protocol, target, label, self)

    def _address(self, target: SocketAddress) -> IPv4Address | IPv6Address:
        return to_address(target)
