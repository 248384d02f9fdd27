"""Sending a file as fast as the peer takes it, with only one piece of it in memory."""

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
        """Send the contents of `file`, from its current position to its end.

        file: close it yourself when the Deferred fires. It should be on a disk, so that reading never waits.
        transform: called with each piece; its result is sent instead, b"" too.
        Returns a Deferred of the last byte sent; it fails if the consumer is gone before the end.
        """
        self.file, self.consumer, self.transform = file, consumer, transform
        self.deferred = deferred = Deferred[bytes]()
        consumer.registerProducer(self, False)
        return deferred

    def resumeProducing(self) -> None:
        """Send one piece; at the end of the file, finish. Called by the consumer when it has room."""
        piece = self.file.read(self.CHUNK_SIZE) if self.file is not None else b""
        if not piece:
            self.__finish()
            return
        if self.transform is not None:
            piece = self.transform(piece)
        self.consumer.write(piece)
        self.lastSent = piece[-1:] or self.lastSent

    def __finish(self) -> None:
        self.file = None
        self.consumer.unregisterProducer()
        deferred, self.deferred = self.deferred, None
        if deferred is not None:
            deferred.callback(self.lastSent)

    def pauseProducing(self) -> None:
        """Does nothing: a pull producer sends only when it is asked."""

    def stopProducing(self) -> None:
        """The consumer is gone before the end. Called by the consumer."""
        deferred, self.deferred = self.deferred, None
        if deferred is not None:
            deferred.errback(Exception("Consumer asked us to stop producing"))
