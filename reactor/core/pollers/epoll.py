"""epoll(7), Linux: the kernel keeps the set, so that a turn takes time for what is ready, not for what is watched."""

from __future__ import annotations

import os
import select
from collections.abc import Callable

from reactor.core.pollers import READABLE
from reactor.core.pollers.always_ready import AlwaysReady


class EpollPoller:
    """Level-triggered epoll: what is not dealt with now is reported again.

    Not edge-triggered: then a reader would have to read until EAGAIN (epoll(7)), and one fast peer would keep the loop
    to itself. Ours reads once a turn.

    The kernel's set is itself a descriptor. It is open only while the set has members, so that an idle reactor holds
    none.

    on_renewed: called when another set takes over the same number: a host that watches it must watch it again.

    epoll differs from poll and select in two ways, and both are evened out here. It refuses files on disk (EPERM): see
    always_ready.py. And it watches not a descriptor but the open file behind it: when the descriptor is closed while a
    copy of it is open elsewhere, for instance in a child, epoll may go on reporting a number that can't be unregistered
    any more. When it does, the set is rebuilt.
    """

    def __init__(self) -> None:
        self._epoll: select.epoll | None = None
        self._watched: dict[int, int] = {}
        self._aside = AlwaysReady()
        self._suspects: set[int] = set()  # closed before they were forgotten
        self.on_renewed: Callable[[], object] | None = None

    def watch(self, fd: int, mask: int) -> None:
        if not mask:
            self._forget(fd)
        elif fd in self._aside:
            self._aside.keep(fd, mask)
        else:
            self._tell_kernel(fd, mask)

    def _tell_kernel(self, fd: int, mask: int) -> None:
        if fd in self._suspects:  # the number is in use again: what is left of its old file must not report for it
            self._renew()
        if self._epoll is None:
            self._epoll = select.epoll()
        try:
            if fd in self._watched:
                self._epoll.modify(fd, mask)
            else:
                self._epoll.register(fd, mask)
        except PermissionError:
            self._keep_aside(fd, mask)
        except FileNotFoundError:  # closed without being forgotten, and the number stands for another file now
            del self._watched[fd]
            self._suspects.add(fd)
            self._tell_kernel(fd, mask)
        except OSError:
            self._close_if_empty()
            raise
        else:
            self._watched[fd] = mask

    def _keep_aside(self, fd: int, mask: int) -> None:
        self._aside.keep(fd, mask)
        self._tell_kernel(self._aside.bell, READABLE)

    def _forget(self, fd: int) -> None:
        if (bell := self._aside.forget(fd)) >= 0:
            self._forget(bell)
            os.close(bell)
        if self._watched.pop(fd, None) is None or self._epoll is None:
            return
        try:
            self._epoll.unregister(fd)
        except OSError:
            self._suspects.add(fd)
        self._close_if_empty()

    def _close_if_empty(self) -> None:
        if not self._watched and self._epoll is not None:
            self._epoll.close()
            self._epoll = None
            self._suspects.clear()

    def _renew(self) -> None:
        """Rebuild the kernel's set from the descriptors that are still open. The set's own descriptor stays."""
        self._suspects.clear()
        if self._epoll is None:
            return
        with select.epoll() as new:
            for fd, mask in self._watched.items():
                try:
                    new.register(fd, mask)
                except OSError:
                    pass  # closed as well, so it has nothing to report
            os.dup2(new.fileno(), self._epoll.fileno(), inheritable=False)
        if self.on_renewed is not None:
            self.on_renewed()

    def fileno(self) -> int:
        """A descriptor that is readable while one in the set is ready; another loop can watch it."""
        assert self._epoll is not None, "the set is open only while it has something in it"
        return self._epoll.fileno()

    def poll(self, timeout: float | None) -> list[tuple[int, int]]:
        assert self._epoll is not None, "the loop watches its waker, so the set is never empty when it waits"
        ready = self._epoll.poll(timeout)  # CPython rounds up to the kernel's milliseconds; see poll.py for why it must
        if self._aside.bell >= 0:
            ready += self._aside.ready()
        if self._suspects and not self._suspects.isdisjoint(fd for fd, _ in ready):
            self._renew()
        return ready
