"""Transports that keep what is written to them, and a protocol that keeps what it hears."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reactor import error
from reactor.address import IPv4Address
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.interfaces import IProtocol


class StringTransport:
    """A transport that keeps what is written to it.

    hostAddress, peerAddress: what `getHost` and `getPeer` answer; some IPv4Address unless given.
    lenient: whether a connection that is closing may be paused and resumed, as with real ones.
    disconnecting, disconnected: whether the protocol has closed, or aborted. producer, streaming: as registered.
    """

    disconnecting = False
    disconnected = False

    def __init__(self, hostAddress: Any = None, peerAddress: Any = None, lenient: bool = False) -> None:
        self._host = hostAddress or IPv4Address("TCP", "10.0.0.1", 12345)
        self._peer = peerAddress or IPv4Address("TCP", "192.168.1.1", 54321)
        self._lenient = lenient
        self._written: list[bytes] = []
        self.connected = True
        self.producer: Any = None
        self.streaming: bool | None = None
        self.producerState = "producing"
        self._no_delay = False
        self._keep_alive = False

    # --- for the test

    def value(self) -> bytes:
        """Everything written since the last `clear()`."""
        return b"".join(self._written)

    def clear(self) -> None:
        """Forget what was written."""
        self._written.clear()

    # --- for the protocol

    def write(self, data: bytes) -> None:
        """Keep these bytes. Raises TypeError for anything else."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"Data must be bytes, not {type(data).__name__}: encode text first")
        self._written.append(bytes(data))

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Keep these, one after the other."""
        self.write(b"".join(data))

    def getPeer(self) -> Any:
        """The address of the other side."""
        return self._peer

    def getHost(self) -> Any:
        """The address of this side."""
        return self._host

    def getTcpNoDelay(self) -> bool:
        """What was set last; False by default."""
        return self._no_delay

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Recorded; has no other effect."""
        self._no_delay = bool(enabled)

    def getTcpKeepAlive(self) -> bool:
        """What was set last; False by default."""
        return self._keep_alive

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """Recorded; has no other effect."""
        self._keep_alive = bool(enabled)

    def loseConnection(self) -> None:
        """Recorded in `disconnecting`. The test decides when `connectionLost` is called."""
        self.disconnecting = True

    def loseWriteConnection(self) -> None:
        """Recorded in `disconnecting`, like `loseConnection`."""
        self.disconnecting = True

    def abortConnection(self) -> None:
        """Recorded in `disconnected`."""
        self.disconnected = True
        self.loseConnection()

    # --- producers, in both directions

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Remember the producer; the test calls it. Raises RuntimeError while there is another."""
        if self.producer is not None:
            raise RuntimeError(f"Cannot register two producers: {self.producer!r} was never unregistered")
        self.producer = producer
        self.streaming = streaming

    def unregisterProducer(self) -> None:
        """Forget the producer. Raises RuntimeError when there is none."""
        if self.producer is None:
            raise RuntimeError("Cannot unregister a producer unless one is registered")
        self.producer = None
        self.streaming = None

    def pauseProducing(self) -> None:
        """The protocol wants no bytes for now. Raises RuntimeError once it has closed or stopped."""
        self._require_producing("pause")
        self.producerState = "paused"

    def resumeProducing(self) -> None:
        """The protocol wants bytes again. Raises RuntimeError once it has closed or stopped."""
        self._require_producing("resume")
        self.producerState = "producing"

    def stopProducing(self) -> None:
        """The protocol wants no more bytes at all."""
        self.producerState = "stopped"

    def _require_producing(self, what: str) -> None:
        if self.disconnecting and not self._lenient:
            raise RuntimeError(f"Cannot {what} producing after loseConnection")
        if self.producerState == "stopped":
            raise RuntimeError(f"Cannot {what} a stopped producer")


class StringTransportWithDisconnection(StringTransport):
    """A StringTransport that also tells its protocol, at once, when the connection is to be lost.

    protocol: set it before `loseConnection`.
    """

    protocol: IProtocol

    def loseConnection(self) -> None:
        """Tell the protocol that the connection is lost, once."""
        if self.connected:
            self.connected = False
            self.protocol.connectionLost(Failure(error.ConnectionDone("Bye.")))


class AccumulatingProtocol:
    """A protocol that keeps everything it hears.

    made: how often `connectionMade` came; data: all bytes; closed: whether `connectionLost` came, with closedReason.
    closedDeferred: a Deferred to fire then, with None. Likewise `protocolConnectionMade` of its factory, if that has
    one, is fired with the protocol when its connection is made. Each is fired once, and forgotten.
    """

    factory: Any = None
    transport: Any = None
    made = closed = 0
    data = b""
    closedReason: Failure | None = None
    closedDeferred: Deferred[None] | None = None

    def makeConnection(self, transport: Any) -> None:
        """Called by the transport."""
        self.transport = transport
        self.connectionMade()

    def connectionMade(self) -> None:
        """Count the connection in `made`."""
        self.made += 1
        if (made := getattr(self.factory, "protocolConnectionMade", None)) is not None:
            self.factory.protocolConnectionMade = None
            made.callback(self)

    def dataReceived(self, data: bytes) -> None:
        """Add the bytes to `data`."""
        self.data += data

    def connectionLost(self, reason: Failure) -> None:
        """Keep the reason."""
        self.closed = 1
        self.closedReason = reason
        closed, self.closedDeferred = self.closedDeferred, None
        if closed is not None:
            closed.callback(None)
