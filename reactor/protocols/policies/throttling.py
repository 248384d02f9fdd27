"""How fast bytes may come and go, over all connections of a factory together.

Once a second, that second's bytes are compared with the limit. Twice the limit means one second of silence, three
times means two: so the average holds, in spite of bursts. Incoming bytes are held back by not reading; outgoing ones by
pausing the producers, and only by that: a protocol that writes without one is not slowed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from reactor import log
from reactor.interfaces import IDelayedCall
from reactor.protocols.policies.wrapping import ProtocolWrapper, WrappingFactory, call_later


class ThrottlingProtocol(ProtocolWrapper):
    """Counts the bytes of one connection, and can throttle it.

    producer: fills the transport; None without one.
    """

    producer: Any = None

    def write(self, data: bytes) -> None:
        self.factory.registerWritten(len(data))
        super().write(data)

    def writeSequence(self, seq: Iterable[bytes]) -> None:
        pieces = list(seq)
        self.factory.registerWritten(sum(map(len, pieces)))
        super().writeSequence(pieces)

    def dataReceived(self, data: bytes) -> None:
        self.factory.registerRead(len(data))
        super().dataReceived(data)

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        self.producer = producer
        super().registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        self.producer = None
        super().unregisterProducer()

    def throttleReads(self) -> None:
        """Read nothing until `unthrottleReads`."""
        self.transport.pauseProducing()

    def unthrottleReads(self) -> None:
        """Read again."""
        self.transport.resumeProducing()

    def throttleWrites(self) -> None:
        """Pause the producer, if there is one, until `unthrottleWrites`."""
        if self.producer is not None:
            self.producer.pauseProducing()

    def unthrottleWrites(self) -> None:
        """Resume the producer, if there is one."""
        if self.producer is not None:
            self.producer.resumeProducing()


class ThrottlingFactory(WrappingFactory):
    """Limits bandwidth and the number of connections.

    maxConnectionCount: further ones are closed at once. connectionCount: how many there are.
    readLimit, writeLimit: bytes a second, over all connections together; None for no limit.
    """

    protocol = ThrottlingProtocol

    def __init__(
        self,
        wrappedFactory: Any,
        maxConnectionCount: int = sys.maxsize,
        readLimit: float | None = None,
        writeLimit: float | None = None,
    ) -> None:
        super().__init__(wrappedFactory)
        self.connectionCount = 0
        self.maxConnectionCount = maxConnectionCount
        self.readLimit = readLimit
        self.writeLimit = writeLimit
        self.readThisSecond = 0
        self.writtenThisSecond = 0
        self.__calls: dict[str, IDelayedCall] = {}  # pending calls of `check…` and `unthrottle…`, by the method's name

    def callLater(self, period: float, func: Callable[[], object]) -> IDelayedCall:
        """The reactor's `callLater`; override it to use another clock."""
        return call_later(period, func)

    def buildProtocol(self, addr: Any) -> Any:
        """What the wrapped factory builds; None when there are too many connections."""
        if self.connectionCount >= self.maxConnectionCount:
            log.msg("Max connection count reached!")
            return None
        protocol = super().buildProtocol(addr)
        if protocol is not None:
            self.connectionCount += 1
            if self.connectionCount == 1:
                self.__begin()
        return protocol

    def unregisterProtocol(self, p: Any) -> None:
        """A connection is lost; after the last one the checks stop. Called by its wrapper."""
        super().unregisterProtocol(p)
        self.connectionCount -= 1
        if self.connectionCount == 0:
            self.__end()

    def registerWritten(self, length: int) -> None:
        """Count bytes that were written. Called by the wrappers."""
        self.writtenThisSecond += length

    def registerRead(self, length: int) -> None:
        """Count bytes that came. Called by the wrappers."""
        self.readThisSecond += length

    # --- once a second

    def __begin(self) -> None:
        if self.readLimit is not None:
            self.checkReadBandwidth()
        if self.writeLimit is not None:
            self.checkWriteBandwidth()

    def __end(self) -> None:
        for call in self.__calls.values():
            if call.active():
                call.cancel()
        self.__calls.clear()

    def __soon(self, delay_s: float, method: Callable[[], None]) -> None:
        self.__calls[method.__name__] = self.callLater(delay_s, method)

    def checkReadBandwidth(self) -> None:
        """Compare this second's incoming bytes with the limit, and throttle if they are too many. Repeats itself."""
        assert self.readLimit is not None
        if self.readThisSecond > self.readLimit:
            self.throttleReads()
            self.__soon(self.readThisSecond / self.readLimit - 1.0, self.unthrottleReads)
        self.readThisSecond = 0
        self.__soon(1, self.checkReadBandwidth)

    def checkWriteBandwidth(self) -> None:
        """Compare this second's written bytes with the limit, and throttle if they are too many. Repeats itself."""
        assert self.writeLimit is not None
        if self.writtenThisSecond > self.writeLimit:
            self.throttleWrites()
            self.__soon(self.writtenThisSecond / self.writeLimit - 1.0, self.unthrottleWrites)
        self.writtenThisSecond = 0
        self.__soon(1, self.checkWriteBandwidth)

    def throttleReads(self) -> None:
        """Stop all connections from reading."""
        log.msg(f"Throttling reads on {self}")
        for protocol in list(self.protocols):
            protocol.throttleReads()

    def unthrottleReads(self) -> None:
        """Let all connections read again."""
        log.msg(f"Stopped throttling reads on {self}")
        for protocol in list(self.protocols):
            protocol.unthrottleReads()

    def throttleWrites(self) -> None:
        """Pause the producers of all connections."""
        log.msg(f"Throttling writes on {self}")
        for protocol in list(self.protocols):
            protocol.throttleWrites()

    def unthrottleWrites(self) -> None:
        """Resume the producers of all connections."""
        log.msg(f"Stopped throttling writes on {self}")
        for protocol in list(self.protocols):
            protocol.unthrottleWrites()
