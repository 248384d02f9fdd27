"""Endpoints over TCP, plain and with TLS."""

from __future__ import annotations

from typing import Any, cast

from reactor import defer
from reactor.abstract import isIPv6Address
from reactor.address import IPv6Address
from reactor.core.transports.all_addresses import addresses_of
from reactor.defer import Deferred
from reactor.interfaces import (
    IListeningPort,
    IProtocolFactory,
    IReactorPluggableNameResolver,
    IReactorSSL,
    IReactorTCP,
)
from reactor.interfaces.type_variables import P
from reactor.protocol.one_attempt import connect_once


class TCP4ServerEndpoint:
    """Listens at an IPv4 address. The arguments are those of `reactor.listenTCP`."""

    def __init__(self, reactor: IReactorTCP, port: int, backlog: int = 50, interface: str = "") -> None:
        self._reactor = reactor
        self._port = port
        self._backlog = backlog
        self._interface = interface

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        return defer.execute(
            self._reactor.listenTCP, self._port, protocolFactory, backlog=self._backlog, interface=self._interface
        )


class TCP6ServerEndpoint(TCP4ServerEndpoint):
    """Listens at an IPv6 address; by default at all of them."""

    def __init__(self, reactor: IReactorTCP, port: int, backlog: int = 50, interface: str = "::") -> None:
        super().__init__(reactor, port, backlog, interface)


class TCP4ClientEndpoint:
    """Connects to an IPv4 address, or to a host's first one. The arguments are those of `reactor.connectTCP`."""

    def __init__(
        self,
        reactor: IReactorTCP,
        host: str,
        port: int,
        timeout: float | None = 30,
        bindAddress: str | tuple[str, int] | None = None,
    ) -> None:
        self._reactor = reactor
        self._host = host
        self._port = port
        self._timeout = timeout
        self._bind_address = (bindAddress, 0) if isinstance(bindAddress, str) else bindAddress

    def connect(self, protocolFactory: IProtocolFactory[P]) -> Deferred[P]:
        return self._connect_to(self._host, protocolFactory)

    def _connect_to(self, host: str, factory: IProtocolFactory) -> Deferred[Any]:
        return connect_once(
            factory,
            lambda once: self._reactor.connectTCP(
                host, self._port, once, timeout=self._timeout, bindAddress=self._bind_address
            ),
        )


class TCP6ClientEndpoint(TCP4ClientEndpoint):
    """Connects to an IPv6 address, or to a host's first one."""

    def connect(self, protocolFactory: IProtocolFactory[P]) -> Deferred[P]:
        if isIPv6Address(self._host):
            return self._connect_to(self._host, protocolFactory)
        resolver = cast(IReactorPluggableNameResolver, self._reactor).nameResolver
        found = addresses_of(resolver, self._host, self._port, [IPv6Address])
        return found.addCallback(lambda addresses: self._connect_to(addresses[0].host, protocolFactory))


class SSL4ServerEndpoint:
    """Listens at an IPv4 address, for connections with TLS. The arguments are those of `reactor.listenSSL`."""

    def __init__(
        self, reactor: IReactorSSL, port: int, sslContextFactory: Any, backlog: int = 50, interface: str = ""
    ) -> None:
        self._reactor = reactor
        self._port = port
        self._context = sslContextFactory
        self._backlog = backlog
        self._interface = interface

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        return defer.execute(
            self._reactor.listenSSL,
            self._port,
            protocolFactory,
            contextFactory=self._context,
            backlog=self._backlog,
            interface=self._interface,
        )


class SSL4ClientEndpoint:
    """Connects to an IPv4 address with TLS. The arguments are those of `reactor.connectSSL`.

    For a host name, `wrapClientTLS` around a `HostnameEndpoint` is better: it tries both families.
    """

    def __init__(
        self,
        reactor: IReactorSSL,
        host: str,
        port: int,
        sslContextFactory: Any,
        timeout: float | None = 30,
        bindAddress: tuple[str, int] | None = None,
    ) -> None:
        self._reactor = reactor
        self._host = host
        self._port = port
        self._context = sslContextFactory
        self._timeout = timeout
        self._bind_address = bindAddress

    def connect(self, protocolFactory: IProtocolFactory[P]) -> Deferred[P]:
        return connect_once(
            protocolFactory,
            lambda once: self._reactor.connectSSL(
                self._host, self._port, once, self._context, timeout=self._timeout, bindAddress=self._bind_address
            ),
        )
