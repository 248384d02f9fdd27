"""Factories: what makes a protocol for each connection, and outlives it.

To a type checker a factory is one of a kind of protocol: `Factory.forProtocol(Echo)` is a `Factory[Echo]`, and an
endpoint's `connect` with it gives a `Deferred[Echo]`. (mypy infers that; pyright needs `Factory[Echo].forProtocol`.)
A program that doesn't care writes `Factory`, which is `Factory[Any]`. Our `buildProtocol` promises a protocol, never
None, so that an override can go on with what `super().buildProtocol(addr)` gives. An override that turns connections
away returns `Echo | None`, and its class inherits the plain `Factory`. Nothing of this exists at run time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Self

from reactor import log
from reactor.interfaces.type_variables import P

if TYPE_CHECKING:
    from reactor.failure import Failure
    from reactor.interfaces import IConnector


class Factory(Generic[P]):
    """Makes a protocol for each connection.

    protocol: what to call for a new one, usually a class. numPorts: how many ports and connectors use this factory.
    noisy: whether starting and stopping is logged.
    """

    protocol: Callable[..., P] | None = None
    numPorts: int = 0
    noisy: bool = True

    @classmethod
    def forProtocol(cls, protocol: Callable[..., P], *args: Any, **kwargs: Any) -> Self:
        """A factory for this protocol, when there is no more to say. The rest goes to the factory's own class."""
        factory = cls(*args, **kwargs)
        factory.protocol = protocol
        return factory

    def logPrefix(self) -> str:
        """What the log calls this factory."""
        return type(self).__name__

    def doStart(self) -> None:
        """One more port or connector uses this factory; the first one starts it. Called by the reactor."""
        if self.numPorts == 0:
            if self.noisy:
                log.msg(f"Starting factory {self!r}")
            self.startFactory()
        self.numPorts += 1

    def doStop(self) -> None:
        """One fewer uses it; the last one stops it. Called by the reactor. One too many does nothing."""
        if self.numPorts == 0:
            return
        self.numPorts -= 1
        if self.numPorts == 0:
            if self.noisy:
                log.msg(f"Stopping factory {self!r}")
            self.stopFactory()

    def startFactory(self) -> None:
        """Called before the first port listens or the first connector connects: open what all connections share."""

    def stopFactory(self) -> None:
        """Called when the last port or connector is done: close it. The factory may be started again."""

    def buildProtocol(self, addr: Any) -> P:
        """A protocol for a connection from (or, for a client, to) this address; None turns it away."""
        assert self.protocol is not None, f"{type(self).__name__}.protocol is not set: nothing can be built"
        protocol = self.protocol()
        protocol.factory = self  # type: ignore[attr-defined]  # P may be anything; no class with slots has come yet
        return protocol


class ServerFactory(Factory[P]):
    """A factory for the side that waits to be called."""


class ClientFactory(Factory[P]):
    """A factory for the side that calls. It also hears of attempts, failures and losses."""

    def startedConnecting(self, connector: IConnector) -> None:
        """An attempt begins; `connector.stopConnecting()` would end it."""

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """The attempt came to nothing: refused, timed out, stopped. `connector.connect()` tries again."""

    def clientConnectionLost(self, connector: IConnector, reason: Failure) -> None:
        """The connection was there and is gone; its protocol knows. `connector.connect()` makes another."""
