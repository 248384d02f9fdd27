"""epoll(7), Linux: the kernel remembers the set, so that a turn costs what is ready, not what is watched."""

from __future__ import annotations

import select


class EpollPoller:
    """Level-triggered epoll: what is not dealt with now is reported again.

    The kernel's set is itself a descriptor. It is open only while it has something in it, so that a reactor that is not
    in use holds nothing.

    Two things epoll does otherwise than poll and select, and both are put right here. It refuses files on disk (EPERM):
    those are always ready, so they are kept aside and reported every time. And what it watches is not a descriptor but
    the open file behind it: when the descriptor is closed while a copy of it is open elsewhere, in a child for
    instance, it goes on to report a number that nobody can take back. Then the set is made anew.
    """

    def __init__(self) -> None:
        self._epoll: select.epoll | None = None
        self._watched: dict[int, int] = {}
        self._always_ready: dict[int, int] = {}

    def watch(self, fd: int, mask: int) -> None:
        if not mask:
            self._forget(fd)
        elif fd in self._always_ready:
            self._always_ready[fd] = mask
        else:
            self._tell_kernel(fd, mask)

    def _tell_kernel(self, fd: int, mask: int) -> None:
        if self._epoll is None:
            self._epoll = select.epoll()
        try:
            if fd in self._watched:
                self._epoll.modify(fd, mask)
            else:
                self._epoll.register(fd, mask)
        except PermissionError:
            self._always_ready[fd] = mask
            self._close_if_empty()
        except FileNotFoundError:  # closed since, and its number is another's now
            del self._watched[fd]
            self._renew()
            self._tell_kernel(fd, mask)
        else:
            self._watched[fd] = mask

    def _forget(self, fd: int) -> None:
        self._always_ready.pop(fd, None)
        if self._epoll is None or self._watched.pop(fd, None) is None:
            return
        try:
            self._epoll.unregister(fd)
        except OSError:  # closed before it was forgotten
            self._renew()
        self._close_if_empty()

    def _close_if_empty(self) -> None:
        if not self._watched and self._epoll is not None:
            self._epoll.close()
            self._epoll = None

    def _renew(self) -> None:
        """Make the kernel's set anew, from those that are still open."""
        assert self._epoll is not None
        self._epoll.close()
        self._epoll = select.epoll()
        for fd, mask in list(self._watched.items()):
            try:
                self._epoll.register(fd, mask)
            except OSError:
                pass  # closed as well; its owner will hear of it as of any closed descriptor: when it is used

    def poll(self, timeout: float | None) -> list[tuple[int, int]]:
        assert self._epoll is not None, "the loop watches its waker, so the set is never empty when it waits"
        if self._always_ready:
            return [*self._epoll.poll(0), *self._always_ready.items()]
        return self._epoll.poll(timeout)
