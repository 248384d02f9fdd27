"""Small doubles for the other side: something that talks, something that produces, and places that keep what comes."""

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
    """Sends its lines, and keeps those that come.

    lines: to be sent. start: whether at once; else when the first line has come.
    response: the lines that came. lostConn: whether the connection is lost.
    """

    lostConn = False

    def __init__(self, lines: Sequence[bytes], start: bool = True) -> None:
        self.lines = list(lines)
        self.response: list[bytes] = []
        self.start = start

    def connectionMade(self) -> None:
        """Send, if that is to be at once."""
        if self.start:
            self._send()

    def lineReceived(self, line: bytes) -> None:
        """Keep it; send, if that was waiting for it."""
        if not self.start:
            self._send()
            self.lines = []
        self.response.append(line)

    def _send(self) -> None:
        for line in self.lines:
            self.sendLine(line)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Remember it."""
        self.lostConn = True


class NonStreamingProducer:
    """A pull producer of ten digits, one each time it is asked, that is strict with who asks.

    consumer: whom to write to; None when it is through. counter: how many were written.
    stopped: whether it was told to. result: a Deferred that fires when it is through or stopped.
    """

    counter = 0
    stopped = False

    def __init__(self, consumer: Any) -> None:
        self.consumer = consumer
        self.result: Deferred[None] = Deferred()

    def resumeProducing(self) -> None:
        """Write one digit. Raises RuntimeError when it is through."""
        if self.consumer is None:
            raise RuntimeError("BUG: resume after unregister/stop.")
        self.consumer.write(b"%d" % self.counter)
        self.counter += 1
        if self.counter == 10:
            self.consumer.unregisterProducer()
            self._end()

    def pauseProducing(self) -> None:
        """Raises RuntimeError: nobody pauses a pull producer."""
        raise RuntimeError("BUG: pause should never be called.")

    def stopProducing(self) -> None:
        """The consumer is gone."""
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
        """Keep it."""
        self.written.append((packet, addr))


class StringIOWithoutClosing(io.BytesIO):
    """A file in memory that can still be read after somebody has closed it."""

    def close(self) -> None:
        """Nothing."""


def waitUntilAllDisconnected(reactor: Any, protocols: Iterable[Any]) -> Deferred[Any]:
    """A Deferred that fires when none of these protocols is connected any more; it looks every 10 ms."""
    waiting = list(protocols)

    def look() -> None:
        if not any(protocol.transport.connected for protocol in waiting):
            looking.stop()

    looking = LoopingCall(look)
    looking.clock = reactor
    return looking.start(0.01, now=True)
