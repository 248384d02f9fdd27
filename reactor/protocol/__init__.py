"""What you write yourself: protocols and factories.

A protocol is the meaning of one connection's bytes, and lives as long as the connection. A factory makes protocols, and
holds what outlives them. (Datagrams know no connections: there one protocol serves a port, and needs no factory.)
Override what you care about; every method here may stay as it is.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from reactor import error, log
from reactor.default import the_reactor
from reactor.failure import Failure
from reactor.interfaces import IConnector, IDelayedCall

if TYPE_CHECKING:
    from reactor.interfaces import IReactorTime
    from reactor.protocol.client_creator import ClientCreator

__all__ = [
    "AbstractDatagramProtocol",
    "ClientCreator",
    "ClientFactory",
    "ConnectedDatagramProtocol",
    "DatagramProtocol",
    "Factory",
    "ProcessProtocol",
    "Protocol",
    "ReconnectingClientFactory",
    "ServerFactory",
    "connectionDone",
]

connectionDone = Failure(error.ConnectionDone())


def __getattr__(name: str) -> Any:
    """`ClientCreator`, which is built on what is here."""
    if name == "ClientCreator":
        from reactor.protocol.client_creator import ClientCreator

        return ClientCreator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class Protocol:
    """One connection: what happens when it is made, when bytes come, when it is lost.

    transport: the connection's transport, from `makeConnection` on. connected: 1 from then on.
    factory: the factory that built this, when it is one of ours.
    """

    connected: int = 0
    transport: Any = None
    factory: Any = None

    def makeConnection(self, transport: Any) -> None:
        """Called by the transport, once, before anything else. Override `connectionMade` instead."""
        self.connected = 1
        self.transport = transport
        self.connectionMade()

    def connectionMade(self) -> None:
        """The connection is there: greet the peer, if that is how the conversation begins."""

    def dataReceived(self, data: bytes) -> None:
        """Bytes came, at least one, cut anywhere: one `write` of the peer may take many calls, or share one."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone: forget what belonged to it.

        reason: holds ConnectionDone after a clean end, ConnectionLost when bytes may be missing, or what a handler
            raised.
        Called once; nothing is called after it.
        """

    def logPrefix(self) -> str:
        """What the log calls this protocol."""
        return type(self).__name__


class ProcessProtocol:
    """A child process: what to make of its output, and of its end. Given to `reactor.spawnProcess`.

    transport: the process, from `makeConnection` on; what is written to it goes to the child's standard input.
    connected: 1 from then on.
    """

    connected: int = 0
    transport: Any = None

    def makeConnection(self, process: Any) -> None:
        """Called by the transport, once, before anything else. Override `connectionMade` instead."""
        self.connected = 1
        self.transport = process
        self.connectionMade()

    def connectionMade(self) -> None:
        """The process runs."""

    def childDataReceived(self, childFD: int, data: bytes) -> None:
        """The child wrote to its descriptor `childFD`. Override `outReceived` and `errReceived` for 1 and 2."""
        if childFD == 1:
            self.outReceived(data)
        elif childFD == 2:
            self.errReceived(data)

    def outReceived(self, data: bytes) -> None:
        """The child wrote to its standard output."""

    def errReceived(self, data: bytes) -> None:
        """The child wrote to its standard error."""

    def childConnectionLost(self, childFD: int) -> None:
        """The pipe to descriptor `childFD` is closed. Override one of the next three for 0, 1 and 2."""
        if childFD == 0:
            self.inConnectionLost()
        elif childFD == 1:
            self.outConnectionLost()
        elif childFD == 2:
            self.errConnectionLost()

    def inConnectionLost(self) -> None:
        """The child reads no more from standard input, or we have closed it."""

    def outConnectionLost(self) -> None:
        """No more standard output."""

    def errConnectionLost(self) -> None:
        """No more standard error."""

    def processExited(self, reason: Failure) -> None:
        """The process is gone; some of its output may still come.

        reason: holds ProcessDone when it ended with status 0, else ProcessTerminated with its `exitCode` or `signal`.
        """

    def processEnded(self, reason: Failure) -> None:
        """The process is gone and all pipes to it are closed. Called once; nothing is called after it."""


class Factory:
    """Makes a protocol for each connection.

    protocol: what to call for a new one, usually a class. numPorts: how many ports and connectors use this factory.
    noisy: whether starting and stopping is logged.
    """

    protocol: Callable[..., Any] | None = None
    numPorts: int = 0
    noisy: bool = True

    @classmethod
    def forProtocol(cls, protocol: Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
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

    def buildProtocol(self, addr: Any) -> Any:
        """A protocol for a connection from (or, for a client, to) this address; None turns it away."""
        assert self.protocol is not None, f"{type(self).__name__}.protocol is not set: nothing can be built"
        protocol = self.protocol()
        protocol.factory = self
        return protocol


class ServerFactory(Factory):
    """A factory for the side that waits to be called."""


class ClientFactory(Factory):
    """A factory for the side that calls. It also hears of attempts, failures and losses."""

    def startedConnecting(self, connector: IConnector) -> None:
        """An attempt begins; `connector.stopConnecting()` would end it."""

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """The attempt came to nothing: refused, timed out, stopped. `connector.connect()` tries again."""

    def clientConnectionLost(self, connector: IConnector, reason: Failure) -> None:
        """The connection was there and is gone; its protocol knows. `connector.connect()` makes another."""


class ReconnectingClientFactory(ClientFactory):
    """A client that comes back, waiting longer each time.

    The delay begins at `initialDelay`, grows by `factor` up to `maxDelay`, and is spread by `jitter` so that a thousand
    clients of a server that restarts don't all come at once. Call `resetDelay` when a connection has proved good.

    initialDelay, maxDelay: seconds. factor: growth at each failure. jitter: standard deviation of the spread, as a
    share of the delay; 0 for none. maxRetries: how often at most in a row; None for ever. clock: for tests; None is
    the reactor.
    delay, retries: where it is now. continueTrying: whether it goes on at all.
    """

    maxDelay: float = 3600
    initialDelay: float = 1.0
    factor: float = 2.7182818284590451
    jitter: float = 0.119626565582
    maxRetries: int | None = None
    clock: IReactorTime | None = None

    delay: float = initialDelay
    retries: int = 0
    continueTrying: int = 1
    connector: IConnector | None = None
    _callID: IDelayedCall | None = None

    def startedConnecting(self, connector: IConnector) -> None:
        """Remember whose attempt `stopTrying` is to stop."""
        self.connector = connector

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """Try again later, unless told to stop."""
        self._come_back(connector)

    def clientConnectionLost(self, connector: IConnector, unused_reason: Failure) -> None:
        """Try again later, unless told to stop."""
        self._come_back(connector)

    def _come_back(self, connector: IConnector) -> None:
        if self.continueTrying:
            self.connector = connector
            self.retry()

    def retry(self, connector: IConnector | None = None) -> None:
        """Connect again after the delay, unless told to stop or tried often enough.

        connector: left out, the one that failed last. Raises ValueError when there is none.
        """
        connector = connector or self.connector
        if not self.continueTrying:
            return
        if connector is None:
            raise ValueError("no connector to retry")
        self.retries += 1
        if self.maxRetries is not None and self.retries > self.maxRetries:
            return
        if self.jitter:
            self.delay = max(0.0, random.normalvariate(self.delay, self.delay * self.jitter))
        self._callID = self._clock().callLater(self.delay, self._connect, connector)
        self.delay = min(self.delay * self.factor, self.maxDelay)

    def _connect(self, connector: IConnector) -> None:
        self._callID = None
        connector.connect()

    def _clock(self) -> IReactorTime:
        if self.clock is None:
            self.clock = the_reactor()
        return self.clock

    def stopTrying(self) -> None:
        """Come back no more; an attempt that is under way is stopped."""
        call, self._callID = self._callID, None
        if call is not None and call.active():
            call.cancel()
        self.continueTrying = 0
        try:
            if self.connector is not None:
                self.connector.stopConnecting()
        except error.NotConnectingError:
            pass

    def resetDelay(self) -> None:
        """Start from the beginning: the connection that was just made is good."""
        self.delay = self.initialDelay
        self._callID = None
        self.retries = 0
        self.continueTrying = 1


class AbstractDatagramProtocol:
    """The meaning of the datagrams that come to a port.

    transport: the port, while it is open. numPorts: how many ports use this. noisy: whether start and stop are logged.
    """

    transport: Any = None
    numPorts: int = 0
    noisy: bool = True

    def makeConnection(self, transport: Any) -> None:
        """Called by the port, once it is open. Override `startProtocol`. Raises AssertionError: it has a port."""
        if self.transport is not None:
            raise AssertionError(f"{self!r} serves {self.transport!r} already: give each port a protocol of its own")
        self.transport = transport
        self.doStart()

    def doStart(self) -> None:
        """One more port uses this protocol; the first one starts it. Called by `makeConnection`."""
        if self.numPorts == 0:
            if self.noisy:
                log.msg(f"Starting protocol {self!r}")
            self.startProtocol()
        self.numPorts += 1

    def doStop(self) -> None:
        """One fewer uses it; the last one stops it. Called by the port. Raises AssertionError: none does."""
        if self.numPorts == 0:
            raise AssertionError(f"{self!r} was stopped, and had not been started")
        self.numPorts -= 1
        self.transport = None
        if self.numPorts == 0:
            if self.noisy:
                log.msg(f"Stopping protocol {self!r}")
            self.stopProtocol()

    def startProtocol(self) -> None:
        """The port is open: `self.transport` can send, connect, join groups."""

    def stopProtocol(self) -> None:
        """The port is closed, and there is no transport any more."""

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        """One datagram, whole, perhaps empty. addr: who sent it: (host, port), or the path of a UNIX socket."""


class DatagramProtocol(AbstractDatagramProtocol):
    """Datagrams over UDP, with whoever sends some, or over a UNIX socket."""

    def logPrefix(self) -> str:
        """What the log calls this protocol."""
        return type(self).__name__

    def connectionRefused(self) -> None:
        """Nobody listens where an earlier datagram went to. Only a port that is connected hears of it."""


class ConnectedDatagramProtocol(DatagramProtocol):
    """Datagrams with one peer over a UNIX socket: see `reactor.connectUNIXDatagram`."""

    def datagramReceived(self, datagram: bytes) -> None:  # type: ignore[override]  # Twisted's: no address, there is one peer
        """One datagram of the peer's, whole, perhaps empty."""

    def connectionFailed(self, failure: Failure) -> None:
        """There is no such peer; called instead of `startProtocol`."""
