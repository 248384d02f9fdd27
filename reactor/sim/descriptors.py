"""The file descriptors of one simulated program: numbers for its sockets, the lowest free one first, as POSIX says."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from typing import Protocol

from reactor.sim.addresses import failure

POLLIN, POLLOUT, POLLERR, POLLHUP = 0x001, 0x004, 0x008, 0x010  # poll(2)

_FIRST = 3  # 0, 1 and 2 are the standard streams


class File(Protocol):
    """An open file: what a descriptor stands for."""

    def ready(self) -> int:
        """What the file is ready for, in the bits of poll(2)."""

    def close(self) -> None:
        """Close the file: its program has ended."""


class Descriptors:
    """The open files of a program.

    limit: how many it may have, the standard streams among them. on_change: told the number of one that may be ready,
    or is closed.
    """

    def __init__(self, limit: int = 1024) -> None:
        self.limit = limit
        self.on_change: Callable[[int], None] = lambda fd: None
        self.standard: dict[int, File] = {}  # standard input, output and error
        self._files: dict[int, File] = {}
        self._closed: list[int] = []  # numbers below the highest that was ever open, which can be used again

    def open(self, file: File) -> int:
        """Give the file a number. Raises EMFILE."""
        number = min(self._closed, default=_FIRST + len(self._files))
        if number >= self.limit:
            raise failure(errno.EMFILE)
        if self._closed:
            self._closed.remove(number)
        self._files[number] = file
        return number

    def close(self, fd: int) -> None:
        """Free the number."""
        del self._files[fd]
        self._closed.append(fd)
        self.on_change(fd)

    def find(self, fd: int) -> File | None:
        """The file of this number; None if it is not open."""
        return self._files.get(fd) or self.standard.get(fd)

    def changed(self, fd: int) -> None:
        """The file of this number may have become ready."""
        if fd >= 0:
            self.on_change(fd)

    def close_all(self) -> None:
        """Close all files: the program has ended."""
        for fd in sorted(self._files):
            if (file := self._files.get(fd)) is not None:
                file.close()

    def __iter__(self) -> Iterator[File]:
        return iter(self._files.values())

    def __len__(self) -> int:
        return len(self._files)
