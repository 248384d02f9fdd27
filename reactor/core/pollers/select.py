"""select(2), everywhere: three lists in, three lists out. Descriptors must be below FD_SETSIZE, usually 1024."""

from __future__ import annotations

import select

from reactor.core.pollers import READABLE, WRITABLE, ClosedDescriptors


class SelectPoller:
    """The oldest way, and the easiest to read."""

    def __init__(self) -> None:
        self._readers: set[int] = set()
        self._writers: set[int] = set()

    def watch(self, fd: int, mask: int) -> None:
        if mask and fd not in self._readers and fd not in self._writers:
            _check(fd)
        for group, bit in ((self._readers, READABLE), (self._writers, WRITABLE)):
            if mask & bit:
                group.add(fd)
            else:
                group.discard(fd)

    def poll(self, timeout: float | None) -> list[tuple[int, int]]:
        try:
            readable, writable = self._select(timeout)
        except OSError:
            raise ClosedDescriptors(self._closed_ones()) from None
        ready = dict.fromkeys(readable, READABLE)
        for fd in writable:
            ready[fd] = ready.get(fd, 0) | WRITABLE
        return list(ready.items())

    def _select(self, timeout: float | None) -> tuple[list[int], list[int]]:
        readable, writable, _ = select.select(self._readers, self._writers, (), timeout)
        return readable, writable

    def _closed_ones(self) -> list[int]:
        """The program has closed a descriptor that is still watched, and the kernel doesn't say which: try each."""
        return [fd for fd in self._readers | self._writers if not _is_open(fd)]


class WindowsSelectPoller(SelectPoller):
    """Windows reports a failed attempt to connect as exceptional, not as writable; its writer must hear of it too."""

    def _select(self, timeout: float | None) -> tuple[list[int], list[int]]:
        readable, writable, failed = select.select(self._readers, self._writers, self._writers, timeout)
        return readable, writable + failed


def _is_open(fd: int) -> bool:
    try:
        _check(fd)
    except ValueError:
        return False
    return True


def _check(fd: int) -> None:
    """Find out now, while the caller that brought this descriptor is on the stack, whether select can take it."""
    # Asking select itself, without waiting, is the only test that knows both FD_SETSIZE and what is closed.
    try:
        select.select([fd], [], [], 0)
    except (OSError, ValueError) as error:
        raise ValueError(f"select can't watch descriptor {fd}: {error}; poll or epoll can") from error
