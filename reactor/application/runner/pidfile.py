"""A file that says which process runs, and keeps a second one from running.

A number in a file proves nothing: its process may be dead, and another process may have the number now. So the process
that runs holds a lock on the file (flock(2)). The kernel releases it however the process ends; a file without a lock
is stale, and is taken over. The number is for people, and for `kill`.
"""

from __future__ import annotations

import os

from reactor.application.runner.errors import RunnerError
from reactor.application.runner.files import open_only_name, reason


class PidFile:
    """Is held from `acquire` to `release`. Child processes don't inherit the lock.

    stale: the number of the process that left the file behind without a release, or "".
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.stale = ""
        self._folder, self._name = os.path.split(os.path.abspath(path))
        self._fd = -1
        self._folder_fd = -1

    def acquire(self) -> None:
        """Write our number into the file, and lock it.

        Raises RunnerError when another process holds the lock, when the file can't be written, or when it holds
        something else than a number: then it is no pid file, and is left as it is.
        """
        try:
            while not self._locked():
                pass
            self._take_over()
        except OSError as problem:
            self._close()
            raise RunnerError(f"pid file {self.path}: {reason(problem)}") from problem
        except BaseException:
            self._close()
            raise
        os.register_at_fork(after_in_child=self._close)

    def _locked(self) -> bool:
        """Open and lock it. Returns False when the process that held it before us has removed it meanwhile."""
        import fcntl

        self._close()
        self._folder_fd = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        self._fd = open_only_name(self._name, os.O_RDWR | os.O_CREAT, 0o644, dir_fd=self._folder_fd)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunnerError(f"pid file {self.path}: {self._holder()}") from None
        return self._is_ours()

    def _holder(self) -> str:
        number = self._text().strip()
        return f"process {number} runs already; kill {number} stops it" if number else "another process starts already"

    def _is_ours(self) -> bool:
        """Whether the file that we hold is still the one at that path."""
        try:
            return os.path.samestat(os.fstat(self._fd), os.stat(self._name, dir_fd=self._folder_fd))
        except FileNotFoundError:
            return False

    def _text(self) -> str:
        return os.pread(self._fd, 100, 0).decode("utf-8", "replace")

    def _take_over(self) -> None:
        self.stale = self._text().strip()
        if self.stale and not self.stale.isdigit():
            held = self.stale[:20]
            raise RunnerError(f"pid file {self.path}: holds {held!r}, which is no process; name another file")
        os.fchmod(self._fd, 0o644)  # whatever the umask: our number is no secret, `ps` shows it to all users
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Remove the file, or empty it where we may not remove it any more. Does nothing when it isn't held."""
        if self._fd < 0:
            return
        try:
            if self._is_ours():
                os.unlink(self._name, dir_fd=self._folder_fd)
        except OSError:
            os.ftruncate(self._fd, 0)
        self._close()

    def _close(self) -> None:
        for fd in (self._fd, self._folder_fd):
            if fd >= 0:
                os.close(fd)
        self._fd = self._folder_fd = -1
