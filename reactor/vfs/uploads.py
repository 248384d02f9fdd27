"""Files that appear whole or not at all.

What is written goes to a part beside the file, `.NAME.part`, which takes the file's name when it is closed: in one step
of the file system, so that nobody ever reads half of it, and a program that is killed leaves the old file as it was.
Before that the disk has all of it, so that a power cut doesn't leave the name to a file that is empty.
The part of a cut upload stays, for whoever wants to go on with it. It is locked while it is written; the lock ends with
the process, whatever ends that.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from typing import IO, Any

from reactor.default import the_reactor
from reactor.defer import Deferred, fail, maybeDeferred
from reactor.failure import Failure
from reactor.threads import deferToThreadPool
from reactor.vfs.interfaces import Path
from reactor.vfs.transfers import LARGEST, FileWriter

SYNCED_AT_ONCE = 2**22  # bytes; a thread waits for the disk to have more, which may take it a second
MOST_COPIED = 2**28  # bytes of a file that is there, to go on after them: a tenth of a second


def part_of(path: Path) -> Path:
    """Where the part of a file is until it is whole."""
    return [*path[:-1], f".{path[-1]}.part"]


class Upload(FileWriter):
    """An IWriteFile. folder: the descriptor of the folder, of which this keeps a copy. name: the file's, in it.

    offset: how many bytes of what is there it goes on after; None: all of them. Of a file that is there it goes on
    after a copy, otherwise after the part of an upload that was cut. most: how many bytes it may get.
    reactor: whose thread waits for the disk at the end; None: the program's. When it doesn't run, the caller waits.
    Raises FileNotFoundError for something else than a file, BlockingIOError while another upload writes to the part.
    """

    def __init__(
        self, folder: int, name: str, offset: int | None = 0, most: int = LARGEST, reactor: Any = None
    ) -> None:
        self._name, (self._part,) = name, part_of([name])
        self._folder, self._reactor = os.dup(folder), reactor
        try:
            super().__init__(self._opened(offset), most)
        except BaseException:
            os.close(self._folder)
            raise

    def _opened(self, offset: int | None) -> IO[bytes]:
        there = self._there()
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        file = os.fdopen(os.open(self._part, flags, 0o666, dir_fd=self._folder), "r+b")
        try:
            self._lock(file)
            if there is not None:
                os.fchmod(file.fileno(), stat.S_IMODE(there.st_mode) & 0o777)
                if offset != 0:
                    self._copy(file)
            size = file.seek(0, os.SEEK_END)
            if size < (offset or 0):
                raise OSError(errno.EINVAL, f"there are {size} bytes to go on after, not {offset}", self._name)
            file.truncate(size if offset is None else offset)
            file.seek(0, os.SEEK_END)
        except BaseException:
            file.close()
            raise
        return file

    def _there(self) -> os.stat_result | None:
        """The file that will be replaced, if it may be."""
        try:
            found = os.stat(self._name, dir_fd=self._folder, follow_symlinks=False)
        except FileNotFoundError:
            return None
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), self._name)
        if not stat.S_ISREG(found.st_mode):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self._name)
        if not os.access(self._name, os.W_OK, dir_fd=self._folder, effective_ids=True):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), self._name)
        return found

    def _lock(self, file: IO[bytes]) -> None:
        import fcntl  # UNIX alone, as Folder

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._check(file)

    def _check(self, file: IO[bytes]) -> None:
        """Raises BlockingIOError if the part isn't this file any more, and FileNotFoundError if it is no file."""
        mine, named = os.fstat(file.fileno()), os.stat(self._part, dir_fd=self._folder, follow_symlinks=False)
        if not stat.S_ISREG(mine.st_mode):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self._part)
        if (mine.st_dev, mine.st_ino) != (named.st_dev, named.st_ino):
            raise BlockingIOError(errno.EAGAIN, "somebody else has just written this file", self._name)

    def _copy(self, file: IO[bytes]) -> None:
        number = os.open(self._name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._folder)
        with os.fdopen(number, "rb") as old:
            if os.fstat(number).st_size > MOST_COPIED:
                raise OSError(errno.EFBIG, f"nothing is added to files of more than {MOST_COPIED} bytes", self._name)
            file.truncate(0)
            shutil.copyfileobj(old, file, 2**20)

    def limitPermissions(self, permissions: int) -> None:
        """Give a new file no more than these, of what the umask lets: who may read it may run it, too."""
        mode = os.fstat(self._file.fileno()).st_mode
        self.changePermissions(permissions & (mode | (mode & 0o444) >> 2))

    def close(self) -> Deferred[None]:
        """All has come: give it the file's name, when the disk has it. What can't be written whole is removed."""
        if self._file.closed:
            return fail(ValueError("this file is closed, or was given up"))
        is_short = self._problem is not None or self._file.seek(0, os.SEEK_END) <= SYNCED_AT_ONCE
        synced = maybeDeferred(self.sync) if is_short else self._synced_elsewhere()
        return synced.addErrback(self._note).addCallback(lambda _: self._close())

    def _synced_elsewhere(self) -> Deferred[None]:
        reactor = the_reactor(self._reactor)
        if not reactor.running:  # its threads begin when it runs
            return maybeDeferred(self.sync)
        return deferToThreadPool(reactor, reactor.getThreadPool(), self.sync)

    def _note(self, failure: Failure) -> None:
        self._problem = self._problem or failure.value

    def _close(self) -> None:
        try:
            if self._problem is not None:
                os.unlink(self._part, dir_fd=self._folder)
                raise self._problem
            self._check(self._file)
            os.rename(self._part, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
            os.fsync(self._folder)
        finally:
            self._end()

    def abort(self) -> None:
        """Not all has come: keep what has, for whoever goes on, and leave the file as it was."""
        if not self._file.closed:
            if not self._file.tell():
                os.unlink(self._part, dir_fd=self._folder)
            self._end()

    def _end(self) -> None:
        try:
            self._file.close()
        except OSError:
            pass  # the disk is full: that was told, or doesn't matter any more
        if self._folder >= 0:
            os.close(self._folder)
            self._folder = -1
