"""A folder on disk, which nothing leads out of.

Looking whether a path is inside and then opening it is too late by then: somebody may have put a link in between. So a
path is walked as the kernel would do it, name by name, but each folder is opened from the one before it, by its
descriptor, with O_NOFOLLOW: what is open stays what it is, and a link is an error, wherever it leads. At the end of the
walk a file is opened the same way, and must be an ordinary one: a FIFO would block, a device would act.

Two ways remain by which something from elsewhere can be in the folder: a hard link and a mounted file system. Both need
somebody who may write there and outside.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from reactor.vfs.attributes import values_of
from reactor.vfs.interfaces import Path, check_keys, check_path, deferring
from reactor.vfs.transfers import FileReader, FileWriter
from reactor.vfs.uploads import Upload

_INTO = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_OPEN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)


class Folder:
    """The files below one folder of this machine, as an IFTPShell.

    root: the folder; it may be a link itself. readOnly: whether every change is refused. reactor: of which a thread
    waits for the disk to have a large upload; None: the program's. umask and permissions of the process count as usual.
    Links, sockets, FIFOs and devices in it are as if they weren't there.
    Raises NotImplementedError on systems that can't open a file from a folder's descriptor (Windows).
    """

    def __init__(self, root: str | os.PathLike[str], readOnly: bool = False, reactor: Any = None) -> None:
        if os.open not in os.supports_dir_fd:
            raise NotImplementedError("this system can't look a name up in an open folder, so links can't be kept out")
        self.root = os.fspath(root)
        self.readOnly, self.reactor = readOnly, reactor

    @deferring
    def makeDirectory(self, path: Path) -> None:
        """As in IFTPShell."""
        with self._changing(path) as (folder, name):
            os.mkdir(name, dir_fd=folder)

    @deferring
    def removeDirectory(self, path: Path) -> None:
        """As in IFTPShell."""
        with self._changing(path) as (folder, name):
            os.rmdir(name, dir_fd=folder)

    @deferring
    def removeFile(self, path: Path) -> None:
        """As in IFTPShell."""
        with self._changing(path) as (folder, name):
            os.unlink(name, dir_fd=folder)

    @deferring
    def rename(self, fromPath: Path, toPath: Path) -> None:
        """As in IFTPShell."""
        self._between(os.rename, fromPath, toPath)

    @deferring
    def link(self, fromPath: Path, toPath: Path) -> None:
        """Give a file a second name, which nothing has yet: one file, however one comes to it."""
        self._between(lambda *names, **folders: os.link(*names, **folders, follow_symlinks=False), fromPath, toPath)

    def _between(self, change: Callable[..., None], fromPath: Path, toPath: Path) -> None:
        with self._changing(fromPath) as (folder, name):
            self._check_kind(os.stat(name, dir_fd=folder, follow_symlinks=False), fromPath)
            with self._parent(toPath) as (target, new_name):
                change(name, new_name, src_dir_fd=folder, dst_dir_fd=target)

    @deferring
    def access(self, path: Path) -> None:
        """As in IFTPShell."""
        with self._opened(path) as folder:
            os.scandir(folder).close()

    @deferring
    def stat(self, path: Path, keys: Sequence[str] = ()) -> Sequence[Any]:
        """As in IFTPShell."""
        check_keys(keys)
        return values_of(self._found(path), keys)

    @deferring
    def list(self, path: Path, keys: Sequence[str] = ()) -> Sequence[tuple[str, Sequence[Any]]]:
        """As in IFTPShell."""
        check_keys(keys)
        found = self._found(path)
        if not stat.S_ISDIR(found.st_mode):
            return [(path[-1], values_of(found, keys))]
        rows = []
        with self._opened(path) as folder, os.scandir(folder) as entries:
            for entry in entries:
                try:
                    found = os.stat(entry.name, dir_fd=folder, follow_symlinks=False)
                except FileNotFoundError:  # removed since
                    continue
                if (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)) and not self.hides([*path, entry.name]):
                    rows.append((entry.name, values_of(found, keys)))
        return sorted(rows)

    @deferring
    def openForReading(self, path: Path) -> FileReader:
        """As in IFTPShell."""
        return FileReader(os.fdopen(self._open(path, os.O_RDONLY), "rb"))

    @deferring
    def openForWriting(self, path: Path) -> FileWriter:
        """As in IFTPShell. It is there, whole, when it is closed: see `uploads`."""
        with self._changing(path) as (folder, name):
            return Upload(folder, name, reactor=self.reactor)

    @deferring
    def openForAppending(self, path: Path, offset: int | None = None) -> FileWriter:
        """As openForWriting, after the first `offset` bytes of what is there, or of an upload that was cut."""
        with self._changing(path) as (folder, name):
            return Upload(folder, name, offset, reactor=self.reactor)

    @deferring
    def changePermissions(self, path: Path, permissions: int) -> None:
        """Set who may do what with a file or folder. permissions: the last nine bits of its mode."""
        with self._held(path) as number:
            os.fchmod(number, permissions & 0o777)

    @deferring
    def changeTimes(self, path: Path, accessed: float, modified: float) -> None:
        """Set when a file or folder was last read, and written, in seconds since 1970."""
        with self._held(path) as number:
            os.utime(number, (accessed, modified))

    @contextmanager
    def _held(self, path: Path) -> Iterator[int]:
        """The descriptor of a file or folder about which something is to be changed, open for the block."""
        self._check_writable(path)
        self._found(path)
        with self._parent(path) as (folder, name):
            number = os.open(name, os.O_RDONLY | _OPEN, dir_fd=folder)
        try:
            yield number
        finally:
            os.close(number)

    @deferring
    def statvfs(self) -> os.statvfs_result:
        """How much room is on the disk, and how much of it is free."""
        with self._opened([]) as folder:
            return os.fstatvfs(folder)

    def hides(self, path: Path) -> bool:
        """Whether something in it is as if it weren't there, such as what the program keeps to itself: override it."""
        return False

    # --- walking

    @contextmanager
    def _opened(self, path: Path) -> Iterator[int]:
        """The descriptor of a folder, open for the block."""
        check_path(path)
        if any(self.hides(path[: place + 1]) for place in range(len(path))):
            raise self._not_there(path)
        number = os.open(self.root, os.O_RDONLY | _INTO & ~getattr(os, "O_NOFOLLOW", 0))
        try:
            for name in path:
                inner = self._step(name, number)
                os.close(number)
                number = inner
            yield number
        finally:
            os.close(number)

    def _step(self, name: str, folder: int) -> int:
        try:
            return os.open(name, os.O_RDONLY | _INTO, dir_fd=folder)
        except OSError as problem:
            if problem.errno == errno.ELOOP:  # macOS and FreeBSD say so of a link; Linux says that it is no folder
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), name) from None
            raise

    @contextmanager
    def _parent(self, path: Path) -> Iterator[tuple[int, str]]:
        """The descriptor of the folder that something is in, open for the block, and its name there."""
        check_path(path)
        if not path:
            raise PermissionError(errno.EACCES, "this is the folder that all others are in")
        if self.hides(path):
            raise self._not_there(path)
        with self._opened(path[:-1]) as folder:
            yield folder, path[-1]

    @contextmanager
    def _changing(self, path: Path) -> Iterator[tuple[int, str]]:
        """As _parent, for something that is to be changed."""
        self._check_writable(path)
        with self._parent(path) as place:
            yield place

    def _found(self, path: Path) -> os.stat_result:
        """What the system says about an ordinary file or a folder."""
        if not path:
            with self._opened(path) as folder:
                return os.fstat(folder)
        with self._parent(path) as (folder, name):
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        self._check_kind(found, path)
        return found

    def _open(self, path: Path, flags: int) -> int:
        """The descriptor of an ordinary file."""
        with self._parent(path) as (folder, name):
            try:
                number = os.open(name, flags | _OPEN, 0o666, dir_fd=folder)
            except OSError as problem:
                if problem.errno in (errno.ELOOP, errno.ENXIO):  # a link; a FIFO that nobody reads, or a socket
                    raise self._not_there(path) from None
                raise
        try:
            found = os.fstat(number)
            if stat.S_ISDIR(found.st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
            self._check_kind(found, path)
        except BaseException:
            os.close(number)
            raise
        os.set_blocking(number, True)
        return number

    def _not_there(self, path: Path) -> OSError:
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "/".join(path))

    def _check_kind(self, found: os.stat_result, path: Path) -> None:
        if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
            raise self._not_there(path)

    def _check_writable(self, path: Path) -> None:
        if self.readOnly:
            raise PermissionError(errno.EROFS, "this folder is for reading only", "/".join(path))
