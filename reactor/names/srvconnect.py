"""Connecting to a service of a domain, wherever its SRV records say that it is (RFC 2782).

SRVConnector(reactor, "xmpp-client", "example.org", factory).connect()
"""

from __future__ import annotations

import random
from typing import Any

from reactor.defer import ensureDeferred
from reactor.error import DNSLookupError, ServiceNameUnknownError
from reactor.failure import Failure
from reactor.names import client, dns
from reactor.names.error import DNSNameError


class _Told:
    """A factory as the inner connector sees it: what that says of itself, it says of the SRVConnector."""

    def __init__(self, connector: SRVConnector, factory: Any) -> None:
        self._connector = connector
        self._factory = factory

    def startedConnecting(self, connector: Any) -> None:
        self._factory.startedConnecting(self._connector)

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        self._connector.connectionFailed(reason)

    def clientConnectionLost(self, connector: Any, reason: Failure) -> None:
        self._connector.connectionLost(reason)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._factory, name)


class SRVConnector:
    """A connector to a service. A factory that calls `connect` again, because it failed, gets to the next server.

    service, domain, protocol: as in _service._protocol.domain. connectFuncName: the method of the reactor that
    connects; it gets host, port, factory and then these arguments. defaultPort: of the domain's own host, where
    to connect when there are no such records, and the machine doesn't know the service's port either.
    """

    def __init__(
        self,
        reactor: Any,
        service: str | bytes,
        domain: str | bytes | None,
        factory: Any,
        protocol: str | bytes = "tcp",
        connectFuncName: str = "connectTCP",
        connectFuncArgs: tuple[Any, ...] = (),
        connectFuncKwArgs: dict[str, Any] | None = None,
        defaultPort: int | None = None,
    ) -> None:
        self.reactor = reactor
        self.service = service
        self.domain = None if domain is None else dns.domainString(domain)
        self.factory = factory
        self.protocol = protocol
        self.connectFuncName = connectFuncName
        self.connectFuncArgs = connectFuncArgs
        self.connectFuncKwArgs = connectFuncKwArgs or {}
        self.connector: Any = None
        self.servers: list[dns.Record_SRV] | None = None  # that were not tried yet
        self.orderedServers: list[dns.Record_SRV] | None = None  # that were
        self.stopAfterDNS = False
        self._defaultPort = defaultPort

    def connect(self) -> None:
        """Look the servers up, if they aren't known, and connect to the next one."""
        self.factory.doStart()
        self.factory.startedConnecting(self)
        ensureDeferred(self._connect()).addErrback(self.connectionFailed)

    async def _connect(self) -> None:
        try:
            if not (self.servers or self.orderedServers):
                self.servers, self.orderedServers = [], await self._look_up()
            self._reallyConnect()
        except ServiceNameUnknownError:
            if self._defaultPort is None:
                raise
            self.servers, self.orderedServers = [dns.Record_SRV(0, 0, self._defaultPort, self.domain)], []
            self._reallyConnect()

    async def _look_up(self) -> list[dns.Record_SRV]:
        if self.domain is None:
            raise DNSLookupError("Domain is not defined.")
        name = ".".join((f"_{_text(self.service)}", f"_{_text(self.protocol)}", _text(self.domain)))
        try:
            answers, _, _ = await client.lookupService(name)
        except DNSNameError:
            return []
        found = [one.payload for one in answers if isinstance(one.payload, dns.Record_SRV)]
        if len(found) == 1 and found[0].target.name in (b"", b"."):
            raise DNSLookupError(f"Service {self.service!r} not available for domain {self.domain!r}.")
        return found

    def pickServer(self) -> tuple[str, int | str | bytes]:
        """The host and port to try next: the lowest priority first, by chance among equals, by weight.

        When all were tried, they are tried again. When there are none, it is the domain, and the service's own port.
        """
        assert self.servers is not None and self.orderedServers is not None and self.domain is not None
        if not self.servers:
            self.servers, self.orderedServers = self.orderedServers, []
        if not self.servers:
            return _text(self.domain), self.service
        first = min(record.priority for record in self.servers)
        equals = sorted((one for one in self.servers if one.priority == first), key=lambda one: one.weight)
        left = random.randint(0, sum(one.weight for one in equals))
        for chosen in equals:
            left -= chosen.weight
            if left <= 0:
                break
        self.servers.remove(chosen)
        self.orderedServers.append(chosen)
        return str(chosen.target), chosen.port

    def _reallyConnect(self) -> None:
        if self.stopAfterDNS:
            self.stopAfterDNS = False
            return
        host, port = self.pickServer()
        connect = getattr(self.reactor, self.connectFuncName)
        factory = _Told(self, self.factory)
        self.connector = connect(host, port, factory, *self.connectFuncArgs, **self.connectFuncKwArgs)

    def stopConnecting(self) -> None:
        """Give the attempt up."""
        if self.connector is not None:
            self.connector.stopConnecting()
        else:
            self.stopAfterDNS = True

    def disconnect(self) -> None:
        """Close the connection, or give the attempt up."""
        if self.connector is not None:
            self.connector.disconnect()
        else:
            self.stopConnecting()

    def getDestination(self) -> Any:
        """The address that it is connected to, or tries."""
        return self.connector.getDestination()

    def connectionFailed(self, reason: Failure) -> None:
        """Tell the factory that there is no connection."""
        self.factory.clientConnectionFailed(self, reason)
        self.factory.doStop()

    def connectionLost(self, reason: Failure) -> None:
        """Tell the factory that the connection is gone."""
        self.factory.clientConnectionLost(self, reason)
        self.factory.doStop()


def _text(name: str | bytes) -> str:
    return name if isinstance(name, str) else name.decode("ascii")
