"""Which object is called for which file descriptor, and how its owner hears that it is lost.

There are two tables, by number: the readers and the writers. The poller is told of every change, so that the tables and
the kernel never disagree. One object may be in both.

The loop looks objects up by the number that the poller reports. Removing goes by the object: it may have closed its
socket already, and the kernel may have given the number to another since.
"""

from __future__ import annotations

from typing import Any

from reactor import error, log
from reactor.core.pollers import READABLE, WRITABLE, Poller
from reactor.failure import Failure
from reactor.interfaces import IReadDescriptor, IWriteDescriptor


def log_raised(problem: BaseException, where: str) -> BaseException:
    """Log what a handler raised. Call it in `except BaseException`: then only one kind of exception ends the loop.

    SystemExit is logged too, as in Twisted: the way to end a program is reactor.stop(), which lets connections say
    goodbye. KeyboardInterrupt comes from the user, and is raised again.
    """
    if isinstance(problem, KeyboardInterrupt):
        raise problem
    log.err(problem, where)
    return problem


def _number_of(descriptor: Any) -> int:
    """The number to watch; below 0 once it is closed. Sockets say so by -1, files by raising ValueError."""
    try:
        return int(descriptor.fileno())
    except Exception:  # of a program's own descriptor anything may come, and none of it may end the loop
        return -1


class Descriptors:
    """The readers and writers of one loop.

    poller: is told what to watch. readers, writers: by descriptor number; the loop and its watchers may look things up
    in them, and only the methods here change them.
    """

    def __init__(self, poller: Poller) -> None:
        self.poller = poller
        self.readers: dict[int, IReadDescriptor] = {}
        self.writers: dict[int, IWriteDescriptor] = {}

    def add_reader(self, reader: IReadDescriptor) -> None:
        """Call `reader.doRead` whenever there is something to read. Adding one twice does nothing."""
        self._add(self.readers, reader)

    def add_writer(self, writer: IWriteDescriptor) -> None:
        """Call `writer.doWrite` whenever there is room to write. Adding one twice does nothing."""
        self._add(self.writers, writer)

    def remove_reader(self, reader: IReadDescriptor) -> None:
        """Stop calling `doRead`. Does nothing for a reader that isn't there."""
        self._remove(self.readers, reader)

    def remove_writer(self, writer: IWriteDescriptor) -> None:
        """Stop calling `doWrite`. Does nothing for a writer that isn't there."""
        self._remove(self.writers, writer)

    def remove_all(self, but: object = None) -> list[Any]:
        """Forget every reader and writer except this one. Returns them, each once."""
        everyone = [one for one in dict.fromkeys([*self.readers.values(), *self.writers.values()]) if one is not but]
        for one in everyone:
            self._remove(self.readers, one)
            self._remove(self.writers, one)
        return everyone

    def settle(self, descriptor: Any, ending: object, reading: bool = False) -> None:
        """A handler has returned: is its descriptor to be lost? It is if closed, too: not every kernel reports that.

        ending: what `doRead` or `doWrite` returned or raised; a program's own may return any value.
        """
        if isinstance(ending, BaseException):
            self.lose(descriptor, ending, reading)
        elif _number_of(descriptor) < 0:
            tables: list[dict[int, Any]] = [self.readers, self.writers]
            self.lose_closed(list({fd for table in tables for fd, one in table.items() if one is descriptor}))

    def lose(self, descriptor: Any, ending: BaseException, reading: bool = False) -> None:
        """Remove a descriptor and tell it why; only the reader, if the peer has merely stopped sending.

        reading: the ending came from `doRead`.
        """
        self.remove_reader(descriptor)  # before its handler, which may raise: a lost descriptor stays ready for ever
        reason = Failure(ending)
        try:
            half_close = getattr(descriptor, "readConnectionLost", None)
            if reading and half_close is not None and isinstance(ending, error.ConnectionDone):
                half_close(reason)
            else:
                self.remove_writer(descriptor)
                descriptor.connectionLost(reason)
        except BaseException as problem:
            log_raised(problem, f"while {descriptor!r} was told that its connection is lost")

    def lose_closed(self, fds: list[int]) -> None:
        """The program closed these while the loop watched them. Tell their owners; else the loop would spin."""
        owners: dict[Any, None] = {}  # a set that keeps its order
        for fd in fds:
            for table in (self.readers, self.writers):
                if (owner := table.pop(fd, None)) is not None:  # by number: a closed owner's fileno() is no longer it
                    owners[owner] = None
            self._tell_poller(fd)
        for owner in owners:
            self.lose(owner, error.ConnectionFdescWentAway("it was closed while the reactor watched it"))

    def _add(self, table: dict[int, Any], one: Any) -> None:
        fd = one.fileno()
        if not isinstance(fd, int) or fd < 0:
            raise ValueError(f"can't watch {one!r}: its fileno() is {fd!r}, so it is closed")
        if table.get(fd) is one:
            return
        # Before the poller is told, for `_tell_poller` reads its mask from the tables.
        table[fd] = one
        try:
            self._tell_poller(fd)
        except (OSError, ValueError):  # a kind of file, or a number, that this poller can't watch
            del table[fd]
            raise

    def _remove(self, table: dict[int, Any], one: Any) -> None:
        fd = _number_of(one)
        tables: list[dict[int, Any]] = [table]
        if fd < 0:  # its owner closed it before removing it, and the number is lost: the kernel can't watch half of it
            fd = next((number for number, other in table.items() if other is one), -1)
            tables = [self.readers, self.writers]
        if table.get(fd) is one:
            for each in tables:
                if each.get(fd) is one:
                    del each[fd]
            self._tell_poller(fd)

    def _tell_poller(self, fd: int) -> None:
        self.poller.watch(fd, READABLE * (fd in self.readers) | WRITABLE * (fd in self.writers))
