"""Files on disk are always ready, and some kernels won't watch them.

A read from a file may take its time, but there is never anything to wait for. So select and poll report files as ready
at once; epoll refuses them (EPERM), and kqueue falls silent when it comes to their end. A poller keeps such files here
and adds them to what it reports. A bell, which it watches like any descriptor, keeps it from waiting meanwhile.
"""

from __future__ import annotations

import os


class AlwaysReady:
    """Descriptors that need no kernel to be ready.

    bell: a descriptor that is always readable; there while there is a reason to ring, else -1.
    """

    def __init__(self) -> None:
        self._masks: dict[int, int] = {}
        self.bell = -1

    def __contains__(self, fd: int) -> bool:
        return fd in self._masks

    def keep(self, fd: int, mask: int) -> None:
        """Report this descriptor from now on. The first one makes the bell, which the caller must watch."""
        self._masks[fd] = mask
        if self.bell < 0:
            self.bell, ringing = os.pipe()
            os.close(ringing)  # a pipe whose writer is gone reports its end, for ever

    def forget(self, fd: int) -> int:
        """Report it no more. Returns the bell if it was the last one, for the caller to forget and close; else -1."""
        if self._masks.pop(fd, None) is None or self._masks:
            return -1
        bell, self.bell = self.bell, -1
        return bell

    def ready(self) -> list[tuple[int, int]]:
        """All of them, with what is awaited of each."""
        return list(self._masks.items())
