"""Who wants to know about which file descriptor.

Two tables, by number: who reads, who writes. The poller is told of every change, so that the tables and the kernel
never disagree. One object may stand in both.
"""

from __future__ import annotations

from typing import Any

from reactor.core.pollers import READABLE, WRITABLE, Poller
from reactor.interfaces import IReadDescriptor, IWriteDescriptor


class Descriptors:
    """The readers and writers of one loop.

    readers, writers: by descriptor number; for the loop to look up, for nobody else to change.
    """

    def __init__(self, poller: Poller) -> None:
        self.poller = poller
        self.readers: dict[int, IReadDescriptor] = {}
        self.writers: dict[int, IWriteDescriptor] = {}

    def add_reader(self, reader: IReadDescriptor) -> None:
        """Call `reader.doRead` whenever there is something to read. Again is no error."""
        self._add(self.readers, reader)

    def add_writer(self, writer: IWriteDescriptor) -> None:
        """Call `writer.doWrite` whenever there is room to write. Again is no error."""
        self._add(self.writers, writer)

    def remove_reader(self, reader: IReadDescriptor) -> None:
        """Stop it. Not there is no error."""
        self._remove(self.readers, reader)

    def remove_writer(self, writer: IWriteDescriptor) -> None:
        """Stop it. Not there is no error."""
        self._remove(self.writers, writer)

    def remove_closed(self, fds: list[int]) -> list[Any]:
        """Forget whoever has these numbers, without asking them; each comes back once."""
        owners = []
        for fd in fds:
            owners += [self.readers.pop(fd, None), self.writers.pop(fd, None)]
            self._tell_poller(fd)
        return list(dict.fromkeys(one for one in owners if one is not None))

    def remove_all(self, but: object = None) -> list[Any]:
        """Forget everybody, except for this one; each comes back once."""
        everybody = [one for one in dict.fromkeys([*self.readers.values(), *self.writers.values()]) if one is not but]
        for one in everybody:
            self._remove(self.readers, one)
            self._remove(self.writers, one)
        return everybody

    def _add(self, table: dict[int, Any], one: Any) -> None:
        fd = one.fileno()
        if not isinstance(fd, int) or fd < 0:
            raise ValueError(f"can't watch {one!r}: its fileno() is {fd!r}, so it is closed")
        if table.get(fd) is one:
            return
        table[fd] = one
        try:
            self._tell_poller(fd)
        except (OSError, ValueError):
            del table[fd]
            raise

    def _remove(self, table: dict[int, Any], one: Any) -> None:
        fd = one.fileno()
        if fd < 0:  # closed, and its number gone, before it was removed
            fd = next((number for number, other in table.items() if other is one), -1)
        if table.get(fd) is one:
            del table[fd]
            self._tell_poller(fd)

    def _tell_poller(self, fd: int) -> None:
        self.poller.watch(fd, READABLE * (fd in self.readers) | WRITABLE * (fd in self.writers))
