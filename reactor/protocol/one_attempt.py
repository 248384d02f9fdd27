"""From callbacks to a Deferred: one attempt to connect, whose result is the protocol.

The reactor calls factories; a program that uses an endpoint wants to hear of this one connection. So the user's
factory is wrapped in one that is used once. What that builds takes the protocol's place until it is connected.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor import defer, error
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.interfaces import IConnector, IProtocol, IProtocolFactory
from reactor.protocol.factory import ClientFactory
from reactor.stand_in import StandIn


def connect_once(factory: IProtocolFactory, begin: Callable[[ClientFactory], object]) -> Deferred[Any]:
    """A Deferred of the protocol of one attempt.

    begin: begins the attempt with the factory that it is passed. If it raises, the Deferred fails with that.
    Cancelling stops the attempt; the Deferred fails with ConnectingCancelledError.
    """
    once = OnceFactory(factory)
    try:
        begin(once)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return defer.fail()
    return once.connected


class OnceFactory(ClientFactory):
    """Builds one protocol with another factory, and fires `connected` with it when it is connected."""

    noisy = False

    def __init__(self, factory: IProtocolFactory) -> None:
        self._factory = factory
        self._connector: IConnector | None = None
        self.connected: Deferred[Any] = Deferred(self._cancel)

    def doStart(self) -> None:
        """Start the user's factory. That hears nothing else of the attempt."""
        self._factory.doStart()

    def doStop(self) -> None:
        """Stop the user's factory."""
        self._factory.doStop()

    def startedConnecting(self, connector: IConnector) -> None:
        """Keep the connector, so that the attempt can be stopped."""
        self._connector = connector

    def buildProtocol(self, addr: Any) -> Any:
        """What the user's factory builds, behind a stand-in that waits for its connection."""
        try:
            protocol = self._factory.buildProtocol(addr)
            if protocol is None:
                raise error.NoProtocol()
        except KeyboardInterrupt:
            raise
        except BaseException:
            self.connected.errback()
            return None
        return _Connecting(self.connected, protocol)

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """The attempt has failed: so does the Deferred."""
        if not self.connected.called:
            self.connected.errback(reason)

    def _cancel(self, connected: Deferred[Any]) -> None:
        assert self._connector is not None, (
            "the Deferred is given out when the attempt has begun, so it is cancelled later"
        )
        connected.errback(error.ConnectingCancelledError(self._connector.getDestination()))
        self._connector.stopConnecting()


class _Connecting(StandIn):
    """Takes a protocol's place until it is connected, and then fires a Deferred with it."""

    def __init__(self, connected: Deferred[Any], protocol: IProtocol) -> None:
        super().__init__(protocol)
        self._connected = connected

    def makeConnection(self, transport: Any) -> None:
        protocol = self._protocol
        try:
            super().makeConnection(transport)
        except BaseException as problem:  # the connection ends with it
            self._connected.errback(problem)
            raise
        self._connected.callback(protocol)
