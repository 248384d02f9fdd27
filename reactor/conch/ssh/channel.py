"""A channel of an SSH connection (RFC 4254) as a transport of ours, at both ends.

It stands between two: asyncssh calls its half in snake_case, a protocol the half in camelCase. Give it to asyncssh as
the session of a channel, without an encoding:

    channel = Channel(protocol)
    d = loop.run(connection.create_session(lambda: channel, "wc -l", encoding=None))     # the client's end

The window is the back-pressure, both ways: `pauseProducing` lets the peer's run out, and a producer is paused when ours
has, or when the connection below is full. An end of file from the peer goes to a protocol that has
`readConnectionLost`; others hear of the end of the channel only. What a protocol raises is logged, and closes its
channel.

`connectionLost` gets ConnectionDone when the channel was closed; ProcessDone when the peer's command has ended with
status 0, and ProcessTerminated with another or by a signal; ConnectionLost when the connection broke.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable
from typing import Any

import asyncssh

from reactor import error, log
from reactor.failure import Failure
from reactor.protocol import Protocol

STDERR = 1  # the one kind of data besides the usual one (RFC 4254, 5.2)


class Channel(asyncssh.SSHClientSession[bytes]):
    """protocol: a Protocol of ours. If it has `errReceived(data)`, that gets standard error; else it is logged.

    channel: asyncssh's. reason: with what `connectionLost` will be called, if the peer has said.
    """

    protocol: Any
    channel: Any = None
    disconnecting = False
    producer: Any = None
    reason: error.ConnectionClosed | None = None

    def __init__(self, protocol: Any = None) -> None:
        self.protocol = protocol or Protocol()
        self._carrier: Any = None
        self._streaming = self._lost = False
        self._full: set[str] = set()  # what is: the window, the connection

    # asyncssh's half

    def connection_made(self, chan: Any) -> None:
        self.channel = chan
        self._carrier = chan.get_connection().get_extra_info("carrier")
        if self._carrier is not None:
            self._carrier.channels.add(self)
            self._set_full("connection", self._carrier.isPaused)

    def session_started(self) -> None:
        self._call(self.protocol.makeConnection, self)

    def data_received(self, data: bytes, datatype: int | None) -> None:
        if self.disconnecting:
            return
        if datatype is None:
            self._call(self.protocol.dataReceived, data)
        elif hasattr(self.protocol, "errReceived"):
            self._call(self.protocol.errReceived, data)
        else:
            log.msg(f"standard error of the peer's command: {data[:1000]!r}")

    def eof_received(self) -> bool:
        if hasattr(self.protocol, "readConnectionLost"):
            self._call(self.protocol.readConnectionLost)
        return True  # our end stays open

    def exit_status_received(self, status: int) -> None:
        self.reason = error.ProcessTerminated(status, None, status << 8) if status else error.ProcessDone(0)

    def exit_signal_received(self, name: str, core_dumped: bool, msg: str, lang: str) -> None:
        number = getattr(signal, f"SIG{name}", None)
        self.reason = error.ProcessTerminated(None, number, number)

    def pause_writing(self) -> None:
        self._set_full("window", True)

    def resume_writing(self) -> None:
        self._set_full("window", False)

    def carrierPaused(self, is_paused: bool) -> None:
        """The connection is full, or not any more."""
        self._set_full("connection", is_paused)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._carrier is not None:
            self._carrier.channels.discard(self)
        self._lost = self.disconnecting = True
        producer, self.producer = self.producer, None
        if producer is not None:
            self._call(producer.stopProducing)
        broken = None if exc is None else error.ConnectionLost(str(exc))
        reason = broken or self.reason or error.ConnectionDone("the SSH channel was closed")
        protocol, self.protocol = self.protocol, Protocol()
        if protocol.transport is self:
            self._call(protocol.connectionLost, Failure(reason))

    def _call(self, function: Callable[..., object], *args: Any) -> None:
        try:
            function(*args)
        except Exception:
            log.err(None, "a protocol on an SSH channel")
            self.abortConnection()

    def _set_full(self, what: str, is_full: bool) -> None:
        before = bool(self._full)
        (self._full.add if is_full else self._full.discard)(what)
        if self.producer is None or before == bool(self._full):
            return
        if not self._full:
            self._call(self._resume)
        elif self._streaming:
            self._call(self.producer.pauseProducing)

    # the protocol's half

    def write(self, data: bytes) -> None:
        """Send it. When the channel is closing, it goes nowhere."""
        self.writeExtended(None, data)

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Send them in order."""
        self.write(b"".join(iovec))

    def writeExtended(self, dataType: int | None, data: bytes) -> None:
        """Send data of a kind: STDERR, from a server."""
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"data must be bytes, not {data!r}")
        is_leaving = self.disconnecting and self.producer is None
        if self.channel is not None and not self.channel.is_closing() and not is_leaving:
            self.channel.write(bytes(data), dataType)

    def loseWriteConnection(self) -> None:
        """Send what waits, then an end of file."""
        if self.channel is not None:
            self.channel.write_eof()

    def loseConnection(self) -> None:
        """Send what waits, then close. While a producer is registered, wait for it."""
        self.disconnecting = True
        if self.producer is None and self.channel is not None:
            self.finish()

    def finish(self) -> None:
        """Close it, behind what waits. A server says here how its command has ended."""
        self.channel.close()

    def abortConnection(self) -> None:
        """Close now; what waits is thrown away."""
        self.disconnecting = True
        if self.channel is not None:
            self.channel.abort()

    def getPeer(self) -> Any:
        """Where the other end of the connection is."""
        return self._carrier.transport.getPeer()

    def getHost(self) -> Any:
        """Where ours is."""
        return self._carrier.transport.getHost()

    def pauseProducing(self) -> None:
        """Take nothing: soon the peer may send no more."""
        self.channel.pause_reading()

    def resumeProducing(self) -> None:
        """Take again."""
        if not self._lost:
            self.channel.resume_reading()

    stopProducing = loseConnection

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let it write when there is room. Raises RuntimeError when another does."""
        if self.producer is not None:
            raise RuntimeError(f"cannot register {producer!r}: {self.producer!r} is registered, and hasn't finished")
        if self._lost:
            producer.stopProducing()
            return
        self.producer, self._streaming = producer, streaming
        if self._full and streaming:
            producer.pauseProducing()
        elif not streaming:
            self._resume()

    def _resume(self) -> None:
        self.producer.resumeProducing()
        if self.producer is not None and not self._streaming and not self._full:
            self.channel.get_loop().call_soon(self._ask_again, self.producer)

    def _ask_again(self, producer: Any) -> None:
        if self.producer is producer and not self._full:
            self._call(self._resume)

    def unregisterProducer(self) -> None:
        """It has finished."""
        self.producer = None
        if self.disconnecting and not self._lost and self.channel is not None:
            self.finish()
