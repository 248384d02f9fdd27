"""Request bodies that are produced while they are sent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO, Any

from reactor import task
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.web.client.response import UNKNOWN_LENGTH


class FileBodyProducer:
    """Sends a file from its current position to its end, then closes it.

    inputFile: open in binary mode. cooperator: schedules the reads. readSize: bytes read in one turn.
    length: bytes from the current position to the end; UNKNOWN_LENGTH for a file that can't seek.
    """

    def __init__(self, inputFile: IO[bytes], cooperator: Any = task, readSize: int = 2**16) -> None:
        self._file = inputFile
        self._cooperate = cooperator.cooperate
        self._read_size = readSize
        self._task: Any = None
        self.length: int | str = _rest_of(inputFile)

    def startProducing(self, consumer: Any) -> Deferred[None]:
        """Write the file to `consumer`, a piece a turn. The Deferred fires at the end; it never does after a stop.

        To cancel the Deferred is to stop; it then fails with CancelledError.
        """
        self._task = self._cooperate(self._pieces(consumer))
        done: Deferred[None] = Deferred(lambda deferred: self.stopProducing())

        def ended(result: Any) -> None:
            self._file.close()
            if not isinstance(result, Failure):
                done.callback(None)
            elif not result.check(task.TaskStopped):
                done.errback(result)

        self._task.whenDone().addBoth(ended)
        return done

    def _pieces(self, consumer: Any) -> Iterator[None]:
        while piece := self._file.read(self._read_size):
            consumer.write(piece)
            yield None

    def pauseProducing(self) -> None:
        """Read no more until `resumeProducing`. Called by the transport when its buffer is full."""
        self._task.pause()

    def resumeProducing(self) -> None:
        """Read on. Called by the transport when its buffer has room."""
        self._task.resume()

    def stopProducing(self) -> None:
        """Close the file and write no more. Called when the request has failed or was answered early."""
        self._file.close()
        try:
            if self._task is not None:
                self._task.stop()
        except task.TaskFinished:
            pass


def _rest_of(file: IO[bytes]) -> int | str:
    try:
        here = file.tell()
        end = file.seek(0, os.SEEK_END)
        file.seek(here)
    except (AttributeError, OSError):
        return UNKNOWN_LENGTH
    return end - here
