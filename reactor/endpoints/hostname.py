"""Connecting to a host by name, however many addresses of either family it has: Happy Eyeballs (RFC 8305).

An address that doesn't answer costs half a minute, and a host may have a dozen; so they race. The families alternate,
in the resolver's order. Each attempt has a head start on the next one; when an attempt fails, the next one starts
at once. The first connection wins, and the other attempts are stopped.
"""

from __future__ import annotations

from typing import Any

from reactor import defer, error
from reactor.abstract import isIPv6Address
from reactor.address import HostnameAddress, IPv6Address
from reactor.core.transports.all_addresses import addresses_of as addresses_of  # for proxies, too
from reactor.defer import Deferred
from reactor.endpoints.tcp import TCP4ClientEndpoint, TCP6ClientEndpoint
from reactor.failure import Failure
from reactor.interfaces import IDelayedCall, IProtocolFactory
from reactor.interfaces.type_variables import P

_HEAD_START_S = 0.3  # Twisted's number; RFC 8305 recommends 0.25


class HostnameEndpoint:
    """Connects to that address of a host which answers first.

    host: a name, which may hold letters of any script (IDNA), or an address. timeout: seconds for each attempt.
    bindAddress: where to connect from: an address, or (address, port).
    attemptDelay: the head start of an attempt, in seconds; 0.3 unless given.
    """

    def __init__(
        self,
        reactor: Any,
        host: str | bytes,
        port: int,
        timeout: float | None = 30,
        bindAddress: str | tuple[str, int] | None = None,
        attemptDelay: float | None = None,
    ) -> None:
        self._reactor = reactor
        self._host = host.decode("ascii", "backslashreplace") if isinstance(host, bytes) else host
        self._name = _encoded(host)
        self._port = port
        self._timeout = timeout
        self._bind_address = bindAddress
        self._head_start_s = _HEAD_START_S if attemptDelay is None else attemptDelay

    def connect(self, protocolFactory: IProtocolFactory[P]) -> Deferred[P]:
        """A Deferred of the protocol. Fails with DNSLookupError, with the reason of the attempt that failed last,
        with ConnectingCancelledError, or with ValueError for an impossible name.
        """
        if self._name is None:
            return defer.fail(ValueError(f"invalid hostname: {self._host}: each part has 1 to 63 letters and digits"))
        destination = HostnameAddress(self._name, self._port)
        found = addresses_of(self._reactor.nameResolver, self._name.decode("ascii"), self._port)
        return found.addCallbacks(self._race, _cancelled, (protocolFactory, destination), None, (destination,))

    def _race(self, addresses: list[Any], factory: IProtocolFactory, destination: HostnameAddress) -> Deferred[Any]:
        race = _Race(self._reactor, factory, self._head_start_s, destination)
        race.waiting = [self._endpoint(address) for address in taking_turns(addresses)]
        race.start_next()
        return race.winner

    def _endpoint(self, address: Any) -> TCP4ClientEndpoint:
        kind = TCP6ClientEndpoint if isinstance(address, IPv6Address) else TCP4ClientEndpoint
        return kind(self._reactor, address.host, address.port, self._timeout, self._bind_address)

    def __repr__(self) -> str:
        name = self._host if self._name is None else self._name.decode("ascii")
        return f"<HostnameEndpoint {f'[{name}]' if isIPv6Address(name) else name}:{self._port}>"


def taking_turns(addresses: list[Any]) -> list[Any]:
    """The same addresses, alternating between the families as far as possible, beginning with the first one's."""
    first = [one for one in addresses if type(one) is type(addresses[0])]
    second = [one for one in addresses if type(one) is not type(addresses[0])]
    turns = min(len(first), len(second))
    return [one for pair in zip(first, second, strict=False) for one in pair] + first[turns:] + second[turns:]


def _cancelled(reason: Failure, destination: HostnameAddress) -> Failure:
    """Cancelling while the name is looked up fails with the same exception as cancelling later."""
    return Failure(error.ConnectingCancelledError(destination)) if reason.check(defer.CancelledError) else reason


def _encoded(name: str | bytes) -> bytes | None:
    """The name in DNS's form; None if there is none."""
    try:
        host = name.decode("ascii") if isinstance(name, bytes) else name
        return host.encode("ascii") if isIPv6Address(host) else host.encode("idna")
    except UnicodeError:
        return None


class _Race:
    """The attempts for one connection.

    waiting: endpoints that haven't been tried yet. winner: fires with the first protocol that is connected.
    """

    def __init__(
        self, reactor: Any, factory: IProtocolFactory, head_start_s: float, destination: HostnameAddress
    ) -> None:
        self._reactor = reactor
        self._factory = factory
        self._head_start_s = head_start_s
        self._destination = destination
        self._is_over = False
        self._running: list[Deferred[Any]] = []
        self._next_start: IDelayedCall | None = None
        self.waiting: list[TCP4ClientEndpoint] = []
        self.winner: Deferred[Any] = Deferred(self._cancel)

    def start_next(self) -> None:
        """Start the next attempt, and the one after that when its head start is over."""
        self._next_start = None
        endpoint = self.waiting.pop(0)
        if self.waiting:
            self._next_start = self._reactor.callLater(self._head_start_s, self.start_next)
        attempt = endpoint.connect(self._factory)
        self._running.append(attempt)
        attempt.addCallbacks(self._won, self._failed, (attempt,), None, (attempt,))

    def _won(self, protocol: Any, attempt: Deferred[Any]) -> None:
        self._running.remove(attempt)
        self._end()
        self.winner.callback(protocol)

    def _failed(self, reason: Failure, attempt: Deferred[Any]) -> None:
        self._running.remove(attempt)
        if self._is_over:
            return
        if self._next_start is not None:
            self._next_start.cancel()
            self.start_next()
        elif not self._running:
            self._is_over = True
            self.winner.errback(reason)

    def _cancel(self, winner: Deferred[Any]) -> None:
        winner.errback(error.ConnectingCancelledError(self._destination))
        self._end()

    def _end(self) -> None:
        """Stop the attempts that are under way, and start no more."""
        self._is_over = True
        if self._next_start is not None:
            self._next_start.cancel()
            self._next_start = None
        for attempt in list(self._running):
            attempt.cancel()
