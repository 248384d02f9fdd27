"""Standard input and output as one transport.

Two descriptors, each with the core's buffering (see core/transports/pipes.py), make one connection: what is read comes
from standard input, what is written goes to standard output. They may be pipes, terminals, sockets or files; a file is
always ready, which is the pollers' business.

The descriptors belong to the whole program. They are made non-blocking, which all that share them will notice
(`print`, the shell at the same terminal), stay open at the end, and get their old mode back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reactor import error
from reactor.core.loop.core import Loop
from reactor.core.loop.descriptors import log_raised
from reactor.core.transports.pipes import Incoming, Outgoing
from reactor.default import the_reactor
from reactor.failure import Failure
from reactor.interfaces import IProtocol

__all__ = ["PipeAddress", "StandardIO"]


class PipeAddress:
    """The address of standard input and output, which says nothing: they have none."""


class StandardIO:
    """Connects a protocol to two descriptors.

    proto: is connected at once; its `connectionLost` comes at the end of the input, unless it takes the end of each
        direction by itself (IHalfCloseableProtocol).
    stdin, stdout: the descriptors; standard input and output unless given.
    reactor: the reactor of the program unless given.
    Raises OSError for a descriptor that isn't open, TypeError for what is none.
    """

    def __init__(self, proto: IProtocol, stdin: int = 0, stdout: int = 1, reactor: Loop | None = None) -> None:
        self._reactor = the_reactor(reactor)
        for name, fd in (("stdin", stdin), ("stdout", stdout)):
            if not isinstance(fd, int) or isinstance(fd, bool):
                raise TypeError(f"{name} is the number of a descriptor, not {fd!r}")
        self.disconnecting = False
        self.disconnected = False
        system = self._reactor.system
        self._loans = [system.outgoing_channel(stdout)]
        try:
            self._loans.append(system.incoming_channel(stdin))
        except OSError:
            self._give_back()
            raise
        self.protocol: Any = proto
        self._writer: Outgoing | None = Outgoing(self._reactor, self, "write", self._loans[0])
        self._reader: Incoming | None = Incoming(self._reactor, self, "read", self._loans[1])
        proto.makeConnection(self)

    # --- writing

    def write(self, data: bytes) -> None:
        """Send these bytes to standard output."""
        if self._writer is not None:
            self._writer.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        """Send these, one after the other."""
        self.write(b"".join(data))

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let `producer` fill standard output, as StreamTransport does."""
        if self._writer is None:
            producer.stopProducing()
        else:
            self._writer.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer has finished."""
        if self._writer is not None:
            self._writer.unregisterProducer()

    # --- reading

    def pauseProducing(self) -> None:
        """Read nothing for now."""
        if self._reader is not None:
            self._reader.pauseProducing()

    def resumeProducing(self) -> None:
        """Read on."""
        if self._reader is not None:
            self._reader.resumeProducing()

    def stopProducing(self) -> None:
        """The consumer of what this transport receives is gone: close."""
        self.loseConnection()

    stopReading = pauseProducing
    startReading = resumeProducing

    # --- closing

    def loseWriteConnection(self) -> None:
        """Send what waits, then write no more. The descriptor stays open: it isn't ours."""
        if self._writer is not None:
            self._writer.loseConnection()

    def loseConnection(self) -> None:
        """Send what waits, then end; `connectionLost` follows. Nothing more is read."""
        if self.disconnecting or self.disconnected:
            return
        self.disconnecting = True
        self.pauseProducing()
        if self._writer is not None:
            self._writer.loseConnection()
        else:
            self._reactor.callLater(0, self.connectionLost, Failure(error.ConnectionDone()))

    def connectionLost(self, reason: Failure) -> None:
        """Stop both directions, give the descriptors back, and tell the protocol."""
        if self.disconnected:
            return
        self.disconnected = True
        writer, reader, protocol = self._writer, self._reader, self.protocol
        self._writer = self._reader = self.protocol = None
        for half in (writer, reader):
            if half is not None:
                half.connectionLost(reason)
        self._give_back()
        try:
            protocol.connectionLost(reason)
        except BaseException as problem:
            log_raised(problem, f"in connectionLost of {protocol!r}")

    def _give_back(self) -> None:
        for channel in reversed(self._loans):  # backwards, for the two may share one mode: the first knows the original
            channel.give_back()

    # --- what the descriptors tell

    def childDataReceived(self, name: str, data: bytes) -> None:
        """Pass input on to the protocol. Called by the reader."""
        self.protocol.dataReceived(data)

    def childConnectionLost(self, name: str, reason: Failure) -> None:
        """One direction has ended. Called by the reader or the writer."""
        if self.disconnected:
            return
        if name == "read":
            self._reader = None
            handler = getattr(self.protocol, "readConnectionLost", None)
            ends_all = handler is None
        else:
            self._writer = None
            handler = getattr(self.protocol, "writeConnectionLost", None)
            ends_all = self.disconnecting
        if ends_all:
            self.connectionLost(reason)
        elif handler is not None:
            self._tell(handler)

    def _tell(self, handler: Any) -> None:
        """Tell the protocol that one direction has ended; if its handler raises, end the other one too."""
        try:
            handler()
        except BaseException as problem:
            log_raised(problem, f"in {handler!r}")
            self.connectionLost(Failure(problem))

    # --- the rest of a transport

    def getPeer(self) -> PipeAddress:
        """An address without a meaning."""
        return PipeAddress()

    getHost = getPeer
