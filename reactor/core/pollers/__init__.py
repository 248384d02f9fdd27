"""Who is ready? Each file here asks the operating system in another way; the loop can't tell them apart.

A poller keeps a set of file descriptors, each with a mask of what is awaited, and answers `poll` with those that
are ready. What it answers are hints: the descriptor may be closed by the time the loop comes to it, or the bytes gone.
Masks are the kernel's own numbers (poll(2)); a bit that is neither `READABLE` nor `WRITABLE` (an error, a hang-up)
concerns readers and writers alike: the next one that reads or writes learns from the socket itself what happened.
"""

from __future__ import annotations

from typing import Protocol

READABLE = 0x001  # POLLIN and EPOLLIN
WRITABLE = 0x004  # POLLOUT and EPOLLOUT


class ClosedDescriptors(Exception):
    """Some of the descriptors that are watched are closed.

    fds: their numbers.
    """

    def __init__(self, fds: list[int]) -> None:
        super().__init__(fds)
        self.fds = fds


class Poller(Protocol):
    """What the loop needs of the operating system to know whom to call."""

    def watch(self, fd: int, mask: int) -> None:
        """Await `mask` on `fd` from now on, instead of what was awaited before; 0 forgets it.

        Raises OSError for a descriptor that the kernel can't watch, ValueError for one out of this poller's range.
        """

    def poll(self, timeout: float | None) -> list[tuple[int, int]]:
        """Wait until something is ready, at most `timeout` seconds (None: for ever); pairs of descriptor and mask.

        Raises ClosedDescriptors when the program closed what is watched. (epoll and kqueue can't know: the kernel just
        stops reporting it.) Once those are forgotten, the next call reports what this one would have.
        """
