"""Which descriptors are ready on a simulated host? Level-triggered, like epoll: what is not dealt with is repeated."""

from __future__ import annotations

import errno
from collections.abc import Callable

from reactor.sim.addresses import failure
from reactor.sim.descriptors import POLLERR, POLLHUP, Descriptors

_ALWAYS_REPORTED = POLLERR | POLLHUP


class SimPoller:
    """Watches the descriptors of one program.

    descriptors: the program's. wait: called with a time-out (seconds, or None for ever) when none is ready; it lets
    the world go on until `is_anybody_ready()`, or until that time is over.
    """

    def __init__(self, descriptors: Descriptors, wait: Callable[[float | None], None]) -> None:
        self._descriptors = descriptors
        self._wait = wait
        self._watched: dict[int, int] = {}
        self._perhaps: dict[int, None] = {}  # descriptors that may be ready, in the order in which they became so
        descriptors.on_change = self._changed

    def watch(self, fd: int, mask: int) -> None:
        if not mask:
            self._forget(fd)
            return
        if self._descriptors.find(fd) is None:
            raise failure(errno.EBADF)
        self._watched[fd] = mask
        self._perhaps[fd] = None

    def poll(self, timeout: float | None) -> list[tuple[int, int]]:
        ready = self._ready()
        if not ready:
            self._wait(timeout)
            ready = self._ready()
        return ready

    def is_anybody_ready(self) -> bool:
        """Whether `poll` would not wait."""
        return bool(self._perhaps) and bool(self._ready())

    def _ready(self) -> list[tuple[int, int]]:
        ready = []
        for fd in list(self._perhaps):
            file = self._descriptors.find(fd)
            mask = 0 if file is None else file.ready() & (self._watched[fd] | _ALWAYS_REPORTED)
            if mask:
                ready.append((fd, mask))
            else:
                del self._perhaps[fd]
        return ready

    def _changed(self, fd: int) -> None:
        if fd not in self._watched:
            return
        if self._descriptors.find(fd) is None:  # closed: forgotten silently, as epoll does
            self._forget(fd)
        else:
            self._perhaps[fd] = None

    def _forget(self, fd: int) -> None:
        self._watched.pop(fd, None)
        self._perhaps.pop(fd, None)
