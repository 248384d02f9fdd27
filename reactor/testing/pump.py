"""Two protocols that talk to each other, and a pump between them: the test says when bytes move, and sees them.

    client, server, pump = connectedServerAndClient(Server, Client)
    client.transport.write(b"hello")
    pump.flush()

`pump()` moves what was written until now, once, both ways; `flush()` repeats that until nothing moves any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from reactor import error
from reactor.address import IPv4Address
from reactor.failure import Failure
from reactor.interfaces import IProtocol
from reactor.task import Clock

_FLUSH_AT_MOST = 1000  # rounds; two protocols that go on longer than this will go on for ever


class FakeTransport:
    """One end of a connection that exists only in memory. What is written waits for the pump.

    disconnecting: whether it was asked to close. disconnected: whether it is closed.
    producer, streaming: as registered. disconnect_done: whether the protocol was told.
    """

    def __init__(self, protocol: IProtocol, isServer: bool, hostAddress: Any = None, peerAddress: Any = None) -> None:
        self.protocol = protocol
        self.isServer = isServer
        client, server = IPv4Address("TCP", "10.0.0.1", 12345), IPv4Address("TCP", "10.0.0.2", 80)
        self._host = hostAddress or (server if isServer else client)
        self._peer = peerAddress or (client if isServer else server)
        self._written: list[bytes] = []
        self._is_paused = False
        self._unread = b""
        self.disconnecting = self.disconnected = self.aborted = False
        self.disconnect_done = False
        self.producer: Any = None
        self.streaming = False

    # --- for the protocol

    def write(self, data: bytes) -> None:
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"Data must be bytes, not {type(data).__name__}: encode text first")
        if not self.disconnected and not (self.disconnecting and self.producer is None):
            self._written.append(bytes(data))

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        self.write(b"".join(iovec))

    def loseConnection(self) -> None:
        self.disconnecting = True

    def abortConnection(self) -> None:
        """Close without sending what waits; at the next pump the peer sees a connection that was lost."""
        self.disconnecting = self.disconnected = self.aborted = True
        self._written.clear()

    def getPeer(self) -> Any:
        return self._peer

    def getHost(self) -> Any:
        return self._host

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        if self.producer is not None:
            raise RuntimeError(f"Cannot register two producers: {self.producer!r} was never unregistered")
        self.producer, self.streaming = producer, bool(streaming)

    def unregisterProducer(self) -> None:
        self.producer = None

    def pauseProducing(self) -> None:
        self._is_paused = True

    def resumeProducing(self) -> None:
        self._is_paused = False

    def stopProducing(self) -> None:
        self.loseConnection()

    # --- for the pump

    def getOutBuffer(self) -> bytes:
        """Take what was written, after asking a pull producer for its next piece. Closes if nothing is left to send."""
        is_asked = True
        while is_asked and self.producer is not None and not self.streaming:
            self.producer.resumeProducing()
            is_asked = self._written[-1:] == [b""]  # as a real transport asks again
        taken = b"".join(self._written)
        self._written.clear()
        if self.disconnecting and not taken and self.producer is None:
            self.disconnected = True
        return taken

    def bufferReceived(self, data: bytes) -> bool:
        """Pass bytes to the protocol, unless it has paused or closed. Returns whether it got any."""
        self._unread += data
        if self._is_paused or self.disconnecting or not self._unread:
            return False
        data, self._unread = self._unread, b""
        self.protocol.dataReceived(data)
        return True

    def reportDisconnect(self, reason: Exception) -> None:
        """Tell the protocol, and the producer, that the connection is over; once."""
        if self.disconnect_done:
            return
        self.disconnected = self.disconnect_done = True
        producer, self.producer = self.producer, None
        if producer is not None:
            producer.stopProducing()
        self.protocol.connectionLost(Failure(reason))


class IOPump:
    """Moves bytes between the two ends of a connection.

    client, server: the protocols. clientIO, serverIO: their transports. clock: the pump moves it, if there is one.
    """

    def __init__(
        self, client: Any, server: Any, clientIO: FakeTransport, serverIO: FakeTransport, clock: Clock | None = None
    ) -> None:
        self.client, self.server = client, server
        self.clientIO, self.serverIO = clientIO, serverIO
        self.clock = clock

    def pump(self, advanceClock: bool = True) -> bool:
        """Move what was written until now, both ways, once. Returns whether anything happened."""
        if advanceClock and self.clock is not None:
            self.clock.advance(0)
        from_client, from_server = self.clientIO.getOutBuffer(), self.serverIO.getOutBuffer()
        moved = self.serverIO.bufferReceived(from_client)
        moved = self.clientIO.bufferReceived(from_server) or moved
        return self._report_ends() or moved or bool(from_client or from_server)

    def _report_ends(self) -> bool:
        """When one end has closed, close the other: all that was sent before has arrived by now."""
        ends = (self.clientIO, self.serverIO)
        if not any(one.disconnected for one in ends) or all(one.disconnect_done for one in ends):
            return False
        for one, other in (ends, ends[::-1]):
            if one.aborted:
                one.reportDisconnect(error.ConnectionAborted())
                other.reportDisconnect(error.ConnectionLost())
        for one in sorted(ends, key=lambda end: not end.disconnected):  # first the one that closed
            one.reportDisconnect(error.ConnectionDone())
        return True

    def flush(self, advanceClock: bool = True) -> bool:
        """Pump until nothing happens. Returns whether anything did. Raises RuntimeError when it goes on for ever."""
        for rounds in range(_FLUSH_AT_MOST):
            if not self.pump(advanceClock):
                return rounds > 0
        raise RuntimeError(f"the two protocols still talk after {_FLUSH_AT_MOST} rounds: pump() them by hand")


def connect(
    serverProtocol: Any,
    serverTransport: FakeTransport,
    clientProtocol: Any,
    clientTransport: FakeTransport,
    greet: bool = True,
    clock: Clock | None = None,
) -> IOPump:
    """Introduce protocols to their transports, the client first. Returns the pump between them.

    greet: whether to pump until both have exchanged what they send first.
    """
    clientProtocol.makeConnection(clientTransport)
    serverProtocol.makeConnection(serverTransport)
    pump = IOPump(clientProtocol, serverProtocol, clientTransport, serverTransport, clock)
    if greet:
        pump.flush()
    return pump


def connectedServerAndClient(
    ServerClass: Callable[[], Any], ClientClass: Callable[[], Any], greet: bool = True, clock: Clock | None = None
) -> tuple[Any, Any, IOPump]:
    """A client and a server that are connected. Returns (client, server, pump).

    ServerClass, ClientClass: called for the protocols. greet, clock: as for `connect`.
    """
    client, server = ClientClass(), ServerClass()
    pump = connect(server, FakeTransport(server, True), client, FakeTransport(client, False), greet, clock)
    return client, server, pump
