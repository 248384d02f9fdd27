"""Questions over TCP and TLS: one connection to each server, for as long as answers are awaited there."""

from __future__ import annotations

from typing import Any

from reactor.defer import Deferred
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
        return stream.ask(queries, timeout)

    def forget(self, stream: _Stream) -> None:
        """Its connection is no more."""
        if self._open.get(stream.address) is stream:
            del self._open[stream.address]


class _Stream:
    """One connection: what waits for it, and what waits for answers. The controller of its DNSProtocol."""

    def __init__(self, streams: Streams, address: Address) -> None:
        self.streams = streams
        self.address = address
        self._protocol: dns.DNSProtocol | None = None
        self._waiting: list[tuple[Deferred[dns.Message], list[dns.Query], float]] = []
        self._asked: dict[Deferred[dns.Message], Deferred[Any]] = {}  # of those that had to wait for the connection
        self._idle: Any = None

    def connect(self, reactor: Any, tls: Any, timeout: float) -> None:
        self._reactor = reactor
        factory = DNSClientFactory(self, timeout)
        if tls is None:
            reactor.connectTCP(*self.address, factory, timeout=timeout)
        else:
            reactor.connectSSL(*self.address, factory, tls, timeout=timeout)

    def ask(self, queries: list[dns.Query], timeout: float) -> Deferred[dns.Message]:
        if self._protocol is None:
            answer: Deferred[dns.Message] = Deferred(self._unask)
            self._waiting.append((answer, queries, timeout))
            return answer
        self._stop_idling()
        return self._protocol.query(queries, timeout).addBoth(self._answered)

    def _unask(self, answer: Deferred[dns.Message]) -> None:
        self._waiting = [one for one in self._waiting if one[0] is not answer]
        asked = self._asked.pop(answer, None)
        if asked is not None:
            asked.cancel()

    def _pass_on(self, result: Any, answer: Deferred[dns.Message]) -> None:
        if self._asked.pop(answer, None) is not None:  # else nobody wants it any more
            answer.callback(result)

    def connectionMade(self, protocol: dns.DNSProtocol) -> None:
        self._protocol = protocol
        waiting, self._waiting = self._waiting, []
        for answer, queries, timeout in waiting:
            asked = self._asked[answer] = self.ask(queries, timeout)
            asked.addBoth(self._pass_on, answer)
        self._close_when_idle()

    def _answered(self, result: Any) -> Any:
        self._close_when_idle()
        return result

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

    def connectionFailed(self, reason: Failure) -> None:
        self.streams.forget(self)
        waiting, self._waiting = self._waiting, []
        for answer, _, _ in waiting:
            answer.errback(reason)


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
