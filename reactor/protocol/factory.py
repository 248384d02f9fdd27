"""Factories: what makes a protocol for each connection, and outlives it.

To a type checker a factory is generic in its kind of protocol: `Factory.forProtocol(Echo)` is a `Factory[Echo]`, and an
endpoint's `connect` with it gives a `Deferred[Echo]`. (mypy infers that; pyright needs `Factory[Echo].forProtocol`.)
A program that doesn't care writes `Factory`, which is `Factory[Any]`. Our `buildProtocol` promises a protocol, never
None, so that an override can use the result of `super().buildProtocol(addr)`. An override that turns connections
away returns `Echo | None`, and its class inherits the plain `Factory`. None of this exists at run time.
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

    protocol: called for each new protocol, usually a class. numPorts: how many ports and connectors use this factory.
    noisy: whether start and stop are logged.
    """

    protocol: Callable[..., P] | None = None
    numPorts: int = 0
    noisy: bool = True

    @classmethod
    def forProtocol(cls, protocol: Callable[..., P], *args: Any, **kwargs: Any) -> Self:
        """A factory for this protocol, for programs that need no class of their own. Other arguments go to `cls`."""
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
        """One fewer uses it; the last one stops it. Called by the reactor. One call too many does nothing."""
        if self.numPorts == 0:
            return
        self.numPorts -= 1
        if self.numPorts == 0:
            if self.noisy:
                log.msg(f"Stopping factory {self!r}")
            self.stopFactory()

    def startFactory(self) -> None:
        """Called before the first port listens or the first connector connects: open what the connections share."""

    def stopFactory(self) -> None:
        """Called when the last port or connector has ended: close what they shared. The factory may start again."""

    def buildProtocol(self, addr: Any) -> P:
        """A protocol for a connection from (or, for a client, to) this address; None turns it away."""
        assert self.protocol is not None, f"{type(self).__name__}.protocol is not set: nothing can be built"
        protocol = self.protocol()
        protocol.factory = self  # type: ignore[attr-defined]  # P may be anything; no class with slots has come yet
        return protocol


class ServerFactory(Factory[P]):
    """A factory for the server, the side that waits for connections."""


class ClientFactory(Factory[P]):
    """A factory for the client, the side that connects. It also hears of attempts, failures and losses."""

    def startedConnecting(self, connector: IConnector) -> None:
        """An attempt begins; `connector.stopConnecting()` ends it."""

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """The attempt has failed: refused, timed out or stopped. `connector.connect()` tries again."""

    def clientConnectionLost(self, connector: IConnector, reason: Failure) -> None:
        """The connection is lost, and its protocol has been told. `connector.connect()` makes another."""
