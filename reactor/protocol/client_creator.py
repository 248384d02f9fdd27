"""Connecting one protocol without a factory: older than endpoints, and still used in many programs."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Generic

from reactor.defer import CancelledError, Deferred
from reactor.error import ConnectingCancelledError
from reactor.failure import Failure
from reactor.interfaces.type_variables import P
from reactor.protocol.factory import Factory
from reactor.protocol.one_attempt import connect_once


class ClientCreator(Generic[P]):
    """Makes a protocol and connects it. `endpoints.connectProtocol` does the same for any kind of endpoint.

    protocolClass: called with the further arguments, once for each connection.
    Each method has the arguments of the reactor's method, without the factory, and returns a Deferred of the protocol.
    Cancelling the Deferred stops the attempt and makes it fail with CancelledError.
    """

    def __init__(self, reactor: Any, protocolClass: Callable[..., P], *args: Any, **kwargs: Any) -> None:
        self.reactor = reactor
        self.protocolClass = protocolClass
        self.args = args
        self.kwargs = kwargs

    def connectTCP(self, host: str, port: int, timeout: float | None = 30, bindAddress: Any = None) -> Deferred[P]:
        """Connect as `reactor.connectTCP` does."""
        return self._connect(
            lambda once: self.reactor.connectTCP(host, port, once, timeout=timeout, bindAddress=bindAddress)
        )

    def connectUNIX(
        self, address: str | bytes, timeout: float | None = 30, checkPID: bool | int = False
    ) -> Deferred[P]:
        """Connect as `reactor.connectUNIX` does."""
        return self._connect(lambda once: self.reactor.connectUNIX(address, once, timeout=timeout, checkPID=checkPID))

    def connectSSL(
        self, host: str, port: int, contextFactory: Any, timeout: float | None = 30, bindAddress: Any = None
    ) -> Deferred[P]:
        """Connect as `reactor.connectSSL` does."""
        return self._connect(
            lambda once: self.reactor.connectSSL(
                host, port, once, contextFactory, timeout=timeout, bindAddress=bindAddress
            )
        )

    def _connect(self, begin: Callable[[Any], object]) -> Deferred[P]:
        return connect_once(_Maker(functools.partial(self.protocolClass, *self.args, **self.kwargs)), begin).addErrback(
            _cancelled
        )


class _Maker(Factory[P]):
    """Makes the protocol, which has no factory: its `factory` stays what its class says."""

    def __init__(self, make: Callable[[], P]) -> None:
        self._make = make

    def buildProtocol(self, addr: object) -> P:
        return self._make()


def _cancelled(reason: Failure) -> Failure:
    return Failure(CancelledError()) if reason.check(ConnectingCancelledError) else reason
