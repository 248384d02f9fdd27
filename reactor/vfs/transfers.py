"""Moving what is in a file: to a consumer, from a producer, by places in it, and into memory with a limit."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import IO, Any

from reactor.defer import Deferred, maybeDeferred, succeed
from reactor.interfaces import IConsumer
from reactor.vfs.attributes import found_open, values_of
from reactor.vfs.interfaces import IFTPShell, IReadFile, Path

PIECE = 2**16  # bytes in one read of a file
LARGEST = 2**63 - 1  # bytes; a file system has no larger files, and no places behind them
MOST_PASSED = 2**20  # bytes that a transport which sends files by itself is asked to take


def pass_on(file: IO[bytes], consumer: Any) -> int:
    """Give a consumer the next piece of a file, by `writeFrom` if it has that. Returns its size; 0 at the end."""
    write_from = getattr(consumer, "writeFrom", None)
    if write_from is not None:
        return int(write_from(file, MOST_PASSED))
    if piece := file.read(PIECE):
        consumer.write(piece)
    return len(piece)


class OpenFile:
    """A file of which a protocol asks by places, as SFTP does. file: closed by whoever is done with this."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    @property
    def closed(self) -> bool:
        """Whether it is."""
        return self._file.closed

    def readAt(self, offset: int, size: int) -> bytes:
        """So many bytes from there on, or as many as there are. Raises OSError."""
        try:
            self._file.seek(offset)
        except (OSError, ValueError):  # behind all places that this file system has
            return b""
        return self._file.read(size)

    def stat(self, keys: Sequence[str] = ()) -> Sequence[Any]:
        """As IFTPShell's, at once, of this file."""
        self._file.flush()
        return values_of(found_open(self._file), keys)


class FileReader(OpenFile):
    """An IReadFile, and the pull producer that reads it. file: closed at the end, whatever that is."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self._consumer: Any = None
        self._done: Deferred[None] = Deferred()

    def send(self, consumer: IConsumer) -> Deferred[None]:
        """As in IReadFile. It fails with ConnectionError when the consumer is gone before the end."""
        self._consumer = consumer
        consumer.registerProducer(self, False)
        return self._done

    def resumeProducing(self) -> None:
        """Write one piece. Called by the consumer when it has room."""
        if self._file.closed:
            return
        try:
            size = pass_on(self._file, self._consumer)
        except OSError as problem:
            self._end()
            self._done.errback(problem)
            return
        if not size:
            self._end()
            self._done.callback(None)

    def seek(self, offset: int) -> None:
        """Begin there, in bytes. Raises OSError when the file is shorter."""
        size = self._file.seek(0, os.SEEK_END)
        if offset > size:
            raise OSError(errno.EINVAL, f"the file has {size} bytes: it can't begin at {offset}")
        self._file.seek(offset)

    def close(self) -> None:
        """Nobody wants it any more. It may be closed."""
        self._file.close()

    def pauseProducing(self) -> None:
        """Does nothing: a pull producer sends only when it is asked."""

    def stopProducing(self) -> None:
        """The consumer is gone."""
        if not self._file.closed:
            self._file.close()
            self._done.errback(ConnectionError("the consumer of a file is gone before its end"))

    def _end(self) -> None:
        self._file.close()
        self._consumer.unregisterProducer()


class FileWriter(OpenFile):
    """An IWriteFile, and its consumer. A full disk pauses nothing: it fails `close`, and no more is written.

    file: closed by `close`. most: how many bytes it may get.
    """

    def __init__(self, file: IO[bytes], most: int = LARGEST) -> None:
        super().__init__(file)
        self._most = most
        self._problem: Exception | None = None

    def receive(self) -> Deferred[FileWriter]:
        """As in IWriteFile: this object."""
        return succeed(self)

    def close(self) -> Deferred[None]:
        """As in IWriteFile. Fails with the OSError that some write met."""
        return maybeDeferred(self._close)

    def abort(self) -> None:
        """Not all is written, and no more will be."""
        self._file.close()

    def _close(self) -> None:
        self._file.close()
        if self._problem is not None:
            raise self._problem

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let the producer go on; a pull producer, until it unregisters."""
        self._is_pulling = not streaming
        while self._is_pulling:
            producer.resumeProducing()

    def unregisterProducer(self) -> None:
        """The producer has finished."""
        self._is_pulling = False

    def write(self, data: bytes) -> None:
        """Write this part of the file."""
        try:
            self.writeAt(self._file.tell(), data)
        except OSError:
            pass  # `close` tells it

    def writeAt(self, offset: int, data: bytes) -> None:
        """Write this there. Raises the OSError that `close` will fail with."""
        if self._problem is None:
            try:
                self._check_size(offset + len(data))
                self._file.seek(offset)
                self._file.write(data)
            except OSError as problem:
                self._problem = problem
        if self._problem is not None:
            raise self._problem

    def truncate(self, size: int) -> None:
        """Make it so long. Raises OSError."""
        self._check_size(size)
        self._file.truncate(size)

    def _check_size(self, size: int) -> None:
        if size > self._most:
            raise OSError(errno.EDQUOT, f"there is room for {self._most} bytes, not for {size}")

    def changePermissions(self, permissions: int) -> None:
        """As Folder's, at once, of this file. Raises OSError; UnsupportedOperation, which is one, in memory."""
        os.fchmod(self._file.fileno(), permissions & 0o777)

    def changeTimes(self, accessed: float, modified: float) -> None:
        """As Folder's, at once, of this file. Raises as changePermissions does."""
        self._file.flush()
        os.utime(self._file.fileno(), (accessed, modified))

    def sync(self) -> None:
        """Wait until the disk has it. Raises as changePermissions does."""
        self._file.flush()
        os.fsync(self._file.fileno())


class _Collector:
    """A consumer that takes so many bytes, and then no more."""

    def __init__(self, most: int) -> None:
        self.data = b""
        self._most = most
        self._producer: Any = None

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        self._producer = producer
        while self._producer is not None and not streaming:
            producer.resumeProducing()

    def unregisterProducer(self) -> None:
        self._producer = None

    def write(self, data: bytes) -> None:
        self.data = (self.data + data)[: self._most]
        if len(self.data) == self._most and self._producer is not None:
            producer, self._producer = self._producer, None
            producer.stopProducing()


def contents(shell: IFTPShell, path: Path, most: int) -> Deferred[bytes]:
    """What is in a file; of one that is larger, the first `most` bytes.

    It fails as `openForReading` does.
    """

    def collect(file: IReadFile) -> Deferred[bytes]:
        collector = _Collector(most)
        sending = file.send(collector)
        sending.addErrback(lambda failure: failure.trap(ConnectionError))  # we had enough
        return sending.addCallback(lambda _: collector.data)

    return shell.openForReading(path).addCallback(collect)
