"""Files on disk are always ready, and some kernels won't watch them.

A read from a file may take a while, but there is never an event to wait for. So select and poll report files as ready
at once; epoll refuses them (EPERM), and kqueue reports nothing at a file's end. A poller keeps such files here and adds
them to what it reports. Meanwhile a *bell*, which it watches like any descriptor, keeps it from waiting.
"""

from __future__ import annotations

import os


class AlwaysReady:
    """Descriptors that are ready without asking the kernel.

    bell: a descriptor that is always readable; -1 while no file is kept here.
    """

    def __init__(self) -> None:
        self._masks: dict[int, int] = {}
        self.bell = -1

    def __contains__(self, fd: int) -> bool:
        return fd in self._masks

    def keep(self, fd: int, mask: int) -> None:
        """Report this descriptor from now on. The first one creates the bell, which the caller must watch."""
        self._masks[fd] = mask
        if self.bell < 0:
            self.bell, ringing = os.pipe()
            os.close(ringing)  # the reading end of a pipe without writers is readable for ever: it is at its end

    def forget(self, fd: int) -> int:
        """Stop reporting it. Returns the bell if it was the last one, for the caller to forget and close; else -1."""
        if self._masks.pop(fd, None) is None or self._masks:
            return -1
        bell, self.bell = self.bell, -1
        return bell

    def ready(self) -> list[tuple[int, int]]:
        """All of them, each with the mask that is awaited."""
        return list(self._masks.items())
