"""epoll(7), Linux: the kernel remembers the set, so that a turn costs what is ready, not what is watched."""

from __future__ import annotations

import select


class EpollPoller:
    """Level-triggered epoll: what is not dealt with now is reported again.

    The kernel's set is itself a descriptor. It is open only while it has something in it, so that a reactor that is not
    in use holds nothing.
    """

    def __init__(self) -> None:
        self._epoll: select.epoll | None = None
        self._watched: set[int] = set()

    def watch(self, fd: int, mask: int) -> None:
        if not mask:
            self._forget(fd)
            return
        if self._epoll is None:
            self._epoll = select.epoll()
        if fd in self._watched:
            self._epoll.modify(fd, mask)
        else:
            self._epoll.register(fd, mask)
            self._watched.add(fd)

    def _forget(self, fd: int) -> None:
        self._watched.discard(fd)
        if self._epoll is None:
            return
        try:
            self._epoll.unregister(fd)
        except OSError:
            pass  # closed before it was forgotten: the kernel has forgotten it by itself
        if not self._watched:
            self._epoll.close()
            self._epoll = None

    def poll(self, timeout: float | None) -> list[tuple[int, int]]:
        assert self._epoll is not None, "the loop watches its waker, so the set is never empty when it waits"
        return self._epoll.poll(timeout)
