"""What UNIX sockets have to do with files, on a simulated host: names in directories, and locks beside them."""

from __future__ import annotations

import errno
from typing import Any

from reactor.sim.addresses import failure


class Files:
    """The names that UNIX sockets of one host have: paths, and abstract names, which begin with a zero byte.

    locks: the programs that hold one, by path.
    """

    def __init__(self) -> None:
        self._sockets: dict[bytes, Any] = {}
        self.locks: dict[bytes, object] = {}

    def bind(self, path: bytes, skt: Any) -> None:
        """Give a socket this name. Raises EADDRINUSE."""
        if path in self._sockets or path in self.locks:
            raise failure(errno.EADDRINUSE)
        self._sockets[path] = skt

    def find(self, path: bytes) -> Any:
        """The socket of this name, which may be closed. Raises ENOENT; ECONNREFUSED for an abstract one."""
        if path not in self._sockets:
            raise failure(errno.ECONNREFUSED if path.startswith(b"\0") else errno.ENOENT)
        return self._sockets[path]

    def unlink(self, path: bytes, skt: Any) -> None:
        """Remove the name, if it still belongs to this socket."""
        if self._sockets.get(path) is skt:
            del self._sockets[path]

    def forget(self, path: bytes) -> None:
        """Remove the name, whichever socket it belongs to."""
        self._sockets.pop(path, None)

    def closed(self, path: bytes, skt: Any) -> None:
        """The socket is closed. Its file stays; an abstract name disappears with its socket."""
        if path.startswith(b"\0"):
            self.unlink(path, skt)


class SocketFile:
    """The file of a UNIX socket that was just bound."""

    def __init__(self, files: Files, path: bytes) -> None:
        self._files = files
        self._path = path
        self._socket = files.find(path)

    def remove(self) -> None:
        """Remove the file, unless it is gone or belongs to another socket by now."""
        self._files.unlink(self._path, self._socket)


class LockFile:
    """A lock that names the program which holds it. owner: that program, which has `is_running`."""

    def __init__(self, files: Files, path: bytes, owner: Any) -> None:
        self._files = files
        self._path = path
        self._owner = owner

    def acquire(self, stale_file: bytes) -> None:
        """Take the lock. If its holder has ended, remove its socket at `stale_file` too. Raises EADDRINUSE."""
        if self.is_held():
            raise failure(errno.EADDRINUSE)
        if self._path in self._files.locks:
            self._files.forget(stale_file)
        self._files.locks[self._path] = self._owner

    def release(self) -> None:
        """Give the lock back. Does nothing if it isn't held."""
        if self._files.locks.get(self._path) is self._owner:
            del self._files.locks[self._path]

    def is_held(self) -> bool:
        """Whether a running program holds the lock."""
        holder: Any = self._files.locks.get(self._path)
        return holder is not None and holder.is_running
