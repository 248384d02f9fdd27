"""Sending a file as fast as the peer takes it, and holding one piece of it in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

from reactor.defer import Deferred
from reactor.interfaces import IConsumer


class FileSender:
    """A pull producer that reads a file.

    CHUNK_SIZE: bytes read for each piece. lastSent: the last byte given to the consumer, b"" before the first.
    """

    CHUNK_SIZE: int = 2**14
    lastSent: bytes = b""

    def __init__(self) -> None:
        self.file: IO[bytes] | None = None
        self.consumer: Any = None
        self.transform: Callable[[bytes], bytes] | None = None
        self.deferred: Deferred[bytes] | None = None

    def beginFileTransfer(
        self, file: IO[bytes], consumer: IConsumer, transform: Callable[[bytes], bytes] | None = None
    ) -> Deferred[bytes]:
        """Send what `file` holds, from where it stands now to its end.

        file: is read and stays open: close it when the result is there. It should be one that never waits: on a disk.
        transform: called with each piece; what it returns is sent instead, b"" too.
        Returns a Deferred of the last byte sent; it fails when the consumer goes before the end.
        """
        self.file, self.consumer, self.transform = file, consumer, transform
        self.deferred = deferred = Deferred[bytes]()
        consumer.registerProducer(self, False)
        return deferred

    def resumeProducing(self) -> None:
        """Send one piece; at the end of the file, say so. Called by the consumer when it has room."""
        piece = self.file.read(self.CHUNK_SIZE) if self.file is not None else b""
        if not piece:
            self._finish()
            return
        if self.transform is not None:
            piece = self.transform(piece)
        self.consumer.write(piece)
        self.lastSent = piece[-1:] or self.lastSent

    def _finish(self) -> None:
        self.file = None
        self.consumer.unregisterProducer()
        deferred, self.deferred = self.deferred, None
        if deferred is not None:
            deferred.callback(self.lastSent)

    def pauseProducing(self) -> None:
        """Nothing to do: it only ever sends when asked."""

    def stopProducing(self) -> None:
        """The consumer is gone before the end. Called by it."""
        deferred, self.deferred = self.deferred, None
        if deferred is not None:
            deferred.errback(Exception("Consumer asked us to stop producing"))
