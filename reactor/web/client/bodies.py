"""Bodies of requests, made while they are sent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO, Any

from reactor import task
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.web.client.response import UNKNOWN_LENGTH


class FileBodyProducer:
    """The rest of a file as a body. The file is closed at the end.

    inputFile: open, in binary mode. cooperator: gives it its turns. readSize: bytes for one turn.
    length: bytes from where the file stands to its end; UNKNOWN_LENGTH if the file can't tell.
    """

    def __init__(self, inputFile: IO[bytes], cooperator: Any = task, readSize: int = 2**16) -> None:
        self._file = inputFile
        self._cooperate = cooperator.cooperate
        self._read_size = readSize
        self._task: Any = None
        self.length: int | str = _rest_of(inputFile)

    def startProducing(self, consumer: Any) -> Deferred[None]:
        """Write it all to `consumer`, a piece a turn. The Deferred fires at the end; it stays silent if stopped."""
        self._task = self._cooperate(self._pieces(consumer))
        done: Deferred[None] = Deferred()

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
        """The connection has enough for now."""
        self._task.pause()

    def resumeProducing(self) -> None:
        """It has room again."""
        self._task.resume()

    def stopProducing(self) -> None:
        """Nobody wants the rest."""
        try:
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
