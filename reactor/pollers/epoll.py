"""epoll(7), Linux: the kernel remembers the set, so that a turn costs what is ready, not what is watched."""

from __future__ import annotations

import select


class EpollPoller:
    """Level-triggered epoll: what is not dealt with now is reported again."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._watched: set[int] = set()

    def watch(self, fd: int, mask: int) -> None:
        if not mask:
            self._watched.discard(fd)
            try:
                self._epoll.unregister(fd)
            except OSError:
                pass  # closed before it was forgotten: the kernel has forgotten it by itself
        elif fd in self._watched:
            self._epoll.modify(fd, mask)
        else:
            self._epoll.register(fd, mask)
            self._watched.add(fd)

    def poll(self, timeout: float | None) -> list[tuple[int, int]]:
        return self._epoll.poll(timeout)

    def close(self) -> None:
        self._epoll.close()
