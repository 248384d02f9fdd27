"""What UNIX sockets have to do with files.

`bind` makes a file, and the kernel never removes it: not when the socket is closed, not when the process dies. The file
that is left over keeps the next server out, and by itself does not tell whether a process still listens. So a careful
server takes a lock beside it, a symbolic link whose "target" is its process id. Making a link is atomic, and a server
that finds it can ask whether that process still lives. Twisted's servers use the same links, and the two respect each
other.
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
        """Remove it, unless it is gone, or another server has put its own there since, or we may not any more."""
        try:
            if _identity(self._path) == self._identity:
                os.unlink(self._path)
        except (FileNotFoundError, PermissionError):
            pass


class LockFile:
    """A lock at `path`, taken by `acquire` and not before."""

    _taken_here: ClassVar[set[bytes]] = set()  # by this process. One with its number may have died, and left others

    def __init__(self, path: bytes) -> None:
        self._path = path
        self._full_path = os.path.abspath(path)
        self._is_ours = False

    def acquire(self, stale_file: bytes) -> None:
        """Take the lock; from a process that has died, along with the socket it left at `stale_file`.

        Raises OSError: a process that lives has it, or the link can't be made.
        """
        for _ in range(100):  # between looking and taking, others come and go; not for ever: 100 is arbitrary
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
        """Give it back. Again, or before it was taken, does nothing."""
        if self._is_ours:
            self._is_ours = False
            self._taken_here.discard(self._full_path)
            try:
                if self._holder() == os.getpid():
                    os.unlink(self._path)
            except PermissionError:
                pass  # privileges were given up since; it is stale as soon as we are dead

    def is_held(self) -> bool:
        """Whether a process that lives has it."""
        holder = self._holder()
        return holder is not None and self._is_alive(holder)

    def _is_alive(self, holder: int) -> bool:
        return self._full_path in self._taken_here if holder == os.getpid() else _lives(holder)

    def _holder(self) -> int | None:
        """The process id in the link; None if there is no link. Raises OSError when it is not such a link."""
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
        pass  # another server did


def _remove_socket(path: bytes) -> None:
    """Remove what a dead process listened at; never a file that is something else."""
    try:
        if stat.S_ISSOCK(os.stat(path, follow_symlinks=False).st_mode):
            os.unlink(path)
    except FileNotFoundError:
        pass  # it had time to do so itself


def _identity(path: bytes) -> tuple[int, int]:
    found = os.stat(path, follow_symlinks=False)
    return found.st_dev, found.st_ino


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # it lives, as another user's
    return not _is_zombie(process)


def _is_zombie(process: int) -> bool:
    """Whether it has died, and its parent hasn't asked how; in a container the parent may never ask. Linux tells."""
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] == b"Z"
    except (OSError, IndexError):
        return False
