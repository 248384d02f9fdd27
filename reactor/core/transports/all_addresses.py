"""Asking a resolver for all addresses of a host. See `IHostnameResolver`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reactor import error
from reactor.defer import Deferred
from reactor.interfaces import IHostnameResolver


def addresses_of(
    resolver: IHostnameResolver, host: str, port: int = 0, kinds: Sequence[type] | None = None
) -> Deferred[list[Any]]:
    """The addresses of a host, at least one, in the resolver's order. Fails with DNSLookupError.

    kinds: IPv4Address and IPv6Address, or one of them; None for both.
    """
    answers = _Answers(host)
    resolver.resolveHostName(answers, host, portNumber=port, addressTypes=kinds)
    return answers.all


class _Answers:
    """Collects a resolver's answers until they are complete."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._found: list[Any] = []
        self._resolution: Any = None
        self.all: Deferred[list[Any]] = Deferred(self._cancel)

    def resolutionBegan(self, resolutionInProgress: Any) -> None:
        self._resolution = resolutionInProgress

    def addressResolved(self, address: Any) -> None:
        self._found.append(address)

    def resolutionComplete(self) -> None:
        if self.all.called:  # cancelled
            return
        if self._found:
            self.all.callback(self._found)
        else:
            self.all.errback(error.DNSLookupError(f"no results for hostname lookup: {self._host}"))

    def _cancel(self, all: Deferred[list[Any]]) -> None:
        if self._resolution is not None:
            self._resolution.cancel()
