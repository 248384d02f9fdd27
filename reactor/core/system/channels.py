"""File descriptors with the methods of a socket: pipes, terminals, files.

The buffering core of the transports asks little of a socket: recv, send, shutdown, fileno, close.
"""

from __future__ import annotations

import fcntl
import os
import select
import stat


class Channel:
    """A non-blocking file descriptor with the methods of a socket.

    fd: its number. borrowed: it belongs to the rest of the program, so it is given back and never closed.
    """

    def __init__(self, fd: int, borrowed: bool = False) -> None:
        self.fd = fd
        self._loan = (fd, os.get_blocking(fd)) if borrowed else None
        os.set_blocking(fd, False)

    def fileno(self) -> int:
        """The descriptor, -1 when it is closed."""
        return self.fd

    def recv(self, size: int) -> bytes:
        """Read some bytes; b"" at the end of the file."""
        return os.read(self.fd, size)

    def send(self, data: bytes | memoryview) -> int:
        """Write. Returns how many of these bytes the kernel took."""
        return os.write(self.fd, data)

    def shutdown(self, how: int) -> None:
        """Does nothing: a descriptor has one direction only, and `close` ends it."""

    def close(self) -> None:
        """Forget the descriptor, and close it unless it is borrowed. A second call does nothing."""
        fd, self.fd = self.fd, -1
        if fd >= 0 and self._loan is None:
            os.close(fd)

    def give_back(self) -> None:
        """Restore the blocking mode that a borrowed descriptor had.

        `close` doesn't: descriptors of one terminal share the mode, and another of them may still be in use.
        """
        if self._loan is not None:
            try:
                os.set_blocking(*self._loan)
            except OSError:
                pass  # the program has closed it


class WriteEnd(Channel):
    """The writing end of a pipe. It is "readable" in one case: the last reader is gone."""

    def recv(self, size: int) -> bytes:
        """Raises BrokenPipeError when the readers are gone, else BlockingIOError."""
        question = select.poll()
        question.register(self.fd, 0)  # errors are always reported
        if question.poll(0):
            raise BrokenPipeError("no process reads from this pipe any more")
        raise BlockingIOError("a pipe's writing end has nothing to read")


def outgoing_channel(fd: int, borrowed: bool = False) -> Channel:
    """The channel for a descriptor that we write to."""
    is_pipe = stat.S_ISFIFO(os.fstat(fd).st_mode)
    is_write_only = fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY
    return WriteEnd(fd, borrowed) if is_pipe and is_write_only else Channel(fd, borrowed)
