"""Small doubles for the other side: a protocol that talks, a producer, and places that keep what comes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.protocols.basic import LineReceiver
from reactor.task import LoopingCall


class LineSendingProtocol(LineReceiver):
    """Sends its lines, and keeps the lines that come.

    lines: to send. start: whether to send them at once; else when the first line has come.
    response: the lines that came. lostConn: whether the connection is lost.
    """

    lostConn = False

    def __init__(self, lines: Sequence[bytes], start: bool = True) -> None:
        self.lines = list(lines)
        self.response: list[bytes] = []
        self.start = start

    def connectionMade(self) -> None:
        """Send the lines, if `start` is set."""
        if self.start:
            self._send()

    def lineReceived(self, line: bytes) -> None:
        """Keep the line; if it is the first and `start` isn't set, send the lines."""
        if not self.start:
            self._send()
            self.lines = []
        self.response.append(line)

    def _send(self) -> None:
        for line in self.lines:
            self.sendLine(line)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Record the end in `lostConn`."""
        self.lostConn = True


class NonStreamingProducer:
    """A pull producer of ten digits, one each time it is asked. It refuses calls that are against the rules.

    consumer: where to write; None when all are written. counter: how many were written.
    stopped: whether it was told to stop. result: a Deferred that fires when it has finished or was stopped.
    """

    counter = 0
    stopped = False

    def __init__(self, consumer: Any) -> None:
        self.consumer = consumer
        self.result: Deferred[None] = Deferred()

    def resumeProducing(self) -> None:
        """Write one digit. Raises RuntimeError when all are written."""
        if self.consumer is None:
            raise RuntimeError("BUG: resume after unregister/stop.")
        self.consumer.write(b"%d" % self.counter)
        self.counter += 1
        if self.counter == 10:
            self.consumer.unregisterProducer()
            self._end()

    def pauseProducing(self) -> None:
        """Raises RuntimeError: a pull producer must not be paused."""
        raise RuntimeError("BUG: pause should never be called.")

    def stopProducing(self) -> None:
        """The consumer is gone: stop."""
        self.stopped = True
        self._end()

    def _end(self) -> None:
        self.consumer = None
        self.result.callback(None)


class FakeDatagramTransport:
    """A transport for a DatagramProtocol that keeps what is written.

    written: pairs of datagram and address; the address is `noAddr` where none was given.
    """

    noAddr = object()

    def __init__(self) -> None:
        self.written: list[tuple[bytes, Any]] = []

    def write(self, packet: bytes, addr: Any = noAddr) -> None:
        """Keep the datagram in `written`."""
        self.written.append((packet, addr))


class StringIOWithoutClosing(io.BytesIO):
    """A file in memory that can still be read after it was closed."""

    def close(self) -> None:
        """Does nothing."""


def waitUntilAllDisconnected(reactor: Any, protocols: Iterable[Any]) -> Deferred[Any]:
    """A Deferred that fires when none of these protocols is connected any more; it looks every 10 ms."""
    waiting = list(protocols)

    def look() -> None:
        if not any(protocol.transport.connected for protocol in waiting):
            looking.stop()

    looking = LoopingCall(look)
    looking.clock = reactor
    return looking.start(0.01, now=True)
