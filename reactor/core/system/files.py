"""What UNIX sockets have to do with files.

`bind` makes a file, and the kernel never removes it: not when the socket is closed, not when the process dies. The
leftover file keeps the next server out, and does not tell whether a process still listens. So a careful server takes a
lock beside it, a symbolic link whose "target" is its process id. Making a link is atomic, and a server that finds one
can ask whether that process still lives. Twisted's servers use the same links, and the two respect each other.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import ClassVar


class SocketFile:
    """The file of a UNIX socket that was just bound. Raises OSError when `mode` can't be set."""

    def __init__(self, path: bytes, mode: int) -> None:
        self._path = path
        self._identity = _identity(path)
        try:
            os.chmod(path, mode)
        except OSError:
            self.remove()
            raise

    def remove(self) -> None:
        """Remove the file, unless it is gone, belongs to another server by now, or may no longer be removed by us."""
        try:
            if _identity(self._path) == self._identity:
                os.unlink(self._path)
        except (FileNotFoundError, PermissionError):
            pass


class LockFile:
    """A lock at `path`, taken by `acquire` and not before."""

    # Locks of this process. A link with our number may be older than we are: left by a dead process of that number.
    _taken_here: ClassVar[set[bytes]] = set()

    def __init__(self, path: bytes) -> None:
        self._path = path
        self._full_path = os.path.abspath(path)
        self._is_ours = False

    def acquire(self, stale_file: bytes) -> None:
        """Take the lock. If its holder has died, remove the socket it left at `stale_file` too.

        Raises OSError: a living process holds the lock, or the link can't be made.
        """
        for _ in range(100):  # between our look and our try, others may take it and go; 100 is arbitrary
            try:
                os.symlink(b"%d" % os.getpid(), self._path)
            except FileExistsError:
                holder = self._holder()
                if holder is not None:
                    if self._is_alive(holder):
                        raise OSError(errno.EADDRINUSE, f"process {holder} listens there already") from None
                    _remove(self._path)
                    _remove_socket(stale_file)
            else:
                self._is_ours = True
                self._taken_here.add(self._full_path)
                return
        raise OSError(errno.EADDRINUSE, "others keep taking the lock")

    def release(self) -> None:
        """Give the lock back. Does nothing if it isn't held."""
        if self._is_ours:
            self._is_ours = False
            self._taken_here.discard(self._full_path)
            try:
                if self._holder() == os.getpid():
                    os.unlink(self._path)
            except PermissionError:
                pass  # we gave up privileges since; the link is stale as soon as this process ends

    def is_held(self) -> bool:
        """Whether a living process holds the lock."""
        holder = self._holder()
        return holder is not None and self._is_alive(holder)

    def _is_alive(self, holder: int) -> bool:
        return self._full_path in self._taken_here if holder == os.getpid() else _lives(holder)

    def _holder(self) -> int | None:
        """The process id in the link; None if there is no link. Raises OSError for anything else at that path."""
        try:
            link = os.readlink(self._path)
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise OSError(errno.EEXIST, f"{os.fsdecode(self._path)} is not a lock") from problem
        if not link.isdigit() or int(link) == 0:
            raise OSError(errno.EEXIST, f"{os.fsdecode(self._path)} is not a lock: it names no process")
        return int(link)


def _remove(path: bytes) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass  # another server was faster


def _remove_socket(path: bytes) -> None:
    """Remove what a dead process listened at; never a file that is something else."""
    try:
        if stat.S_ISSOCK(os.stat(path, follow_symlinks=False).st_mode):
            os.unlink(path)
    except FileNotFoundError:
        pass  # the dead process had removed it itself, or another server was faster


def _identity(path: bytes) -> tuple[int, int]:
    found = os.stat(path, follow_symlinks=False)
    return found.st_dev, found.st_ino


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # it lives, and belongs to another user
    return not _is_zombie(process)


def _is_zombie(process: int) -> bool:
    """Whether it is dead and its parent hasn't collected its status, which in some containers never happens. (Linux)"""
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] == b"Z"
    except (OSError, IndexError):
        return False
