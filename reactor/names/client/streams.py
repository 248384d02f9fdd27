"""Questions over TCP and TLS: one connection to each server, for as long as answers are awaited there."""

from __future__ import annotations

from typing import Any

from reactor.defer import Deferred, ensureDeferred
from reactor.failure import Failure
from reactor.names import dns
from reactor.protocol import ClientFactory

Address = tuple[str, int]


class Streams:
    """Connections of one resolver to its servers.

    tls: for reactor.connectSSL (see ssl.optionsForClientTLS); None for plain TCP. idle_s: how long a connection waits
    for another question, in seconds.
    """

    def __init__(self, reactor: Any, tls: Any = None, idle_s: float = 0.0) -> None:
        self._reactor = reactor
        self._tls = tls
        self.idle_s = idle_s
        self._open: dict[Address, _Stream] = {}

    def ask(self, address: Address, queries: list[dns.Query], timeout: float) -> Deferred[dns.Message]:
        """Ask a server. The Deferred fails with DNSQueryTimeoutError, or with the reason why there is no connection."""
        stream = self._open.get(address)
        if stream is None:
            stream = self._open[address] = _Stream(self, address)
            stream.connect(self._reactor, self._tls, timeout)
        return ensureDeferred(stream.ask(queries, timeout))

    def forget(self, stream: _Stream) -> None:
        """Its connection is no more."""
        if self._open.get(stream.address) is stream:
            del self._open[stream.address]


class _Stream:
    """One connection, and who waits for it. The controller of its DNSProtocol."""

    def __init__(self, streams: Streams, address: Address) -> None:
        self.streams = streams
        self.address = address
        self._protocol: dns.DNSProtocol | None = None
        self._waiting: list[Deferred[dns.DNSProtocol]] = []
        self._idle: Any = None

    def connect(self, reactor: Any, tls: Any, timeout: float) -> None:
        self._reactor = reactor
        factory = DNSClientFactory(self, timeout)
        if tls is None:
            reactor.connectTCP(*self.address, factory, timeout=timeout)
        else:
            reactor.connectSSL(*self.address, factory, tls, timeout=timeout)

    async def ask(self, queries: list[dns.Query], timeout: float) -> dns.Message:
        protocol = self._protocol or await self._connected()
        self._stop_idling()
        try:
            return await protocol.query(queries, timeout)
        finally:
            self._close_when_idle()

    def _connected(self) -> Deferred[dns.DNSProtocol]:
        self._waiting.append(Deferred(lambda one: self._waiting.remove(one)))
        return self._waiting[-1]

    def connectionMade(self, protocol: dns.DNSProtocol) -> None:
        self._protocol = protocol
        self._tell_waiting(protocol)
        self._close_when_idle()

    def connectionFailed(self, reason: Failure) -> None:
        self.streams.forget(self)
        self._tell_waiting(reason)

    def _tell_waiting(self, outcome: Any) -> None:
        while self._waiting:
            self._waiting.pop(0).callback(outcome)

    def _close_when_idle(self) -> None:
        if self._protocol is not None and not self._protocol.liveMessages and self._idle is None:
            self._idle = self._reactor.callLater(self.streams.idle_s, self._close)

    def _stop_idling(self) -> None:
        if self._idle is not None and self._idle.active():
            self._idle.cancel()
        self._idle = None

    def _close(self) -> None:
        self.streams.forget(self)
        if self._protocol is not None:
            self._protocol.transport.loseConnection()

    def connectionLost(self, protocol: dns.DNSProtocol) -> None:
        self._stop_idling()
        self._protocol = None
        self.streams.forget(self)

    def messageReceived(self, message: dns.Message, protocol: dns.DNSProtocol, address: Any = None) -> None:
        """An answer to nothing that waits; perhaps it came too late."""


class DNSClientFactory(ClientFactory):
    """Connects a DNSProtocol for a controller. One that has `connectionFailed` is told why there is no connection."""

    noisy = False

    def __init__(self, controller: Any, timeout: float = 10) -> None:
        self.controller = controller
        self.timeout = timeout

    def buildProtocol(self, addr: Any) -> dns.DNSProtocol:
        protocol = dns.DNSProtocol(self.controller)
        protocol.factory = self
        return protocol

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        failed = getattr(self.controller, "connectionFailed", None)
        if failed is not None:
            failed(reason)
