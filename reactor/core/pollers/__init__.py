"""Which descriptors are ready? Each file here asks the operating system in another way; to the loop they are all alike.

A poller keeps a set of file descriptors, each with a mask of what is awaited, and `poll` returns those that are ready.
Its answers are hints: by the time the loop comes to a descriptor it may be closed, or the bytes gone. Masks are the
kernel's own numbers (poll(2)). A bit that is neither `READABLE` nor `WRITABLE` (an error, a hang-up) concerns readers
and writers alike: the next one that reads or writes learns from the socket itself what happened.
"""

from __future__ import annotations

from typing import Protocol

READABLE = 0x001  # POLLIN and EPOLLIN
WRITABLE = 0x004  # POLLOUT and EPOLLOUT


class ClosedDescriptors(Exception):
    """Some of the watched descriptors are closed.

    fds: their numbers.
    """

    def __init__(self, fds: list[int]) -> None:
        super().__init__(fds)
        self.fds = fds


class Poller(Protocol):
    """What the loop needs of the operating system in order to know which object to call."""

    def watch(self, fd: int, mask: int) -> None:
        """From now on await `mask` on `fd`, instead of what was awaited before; 0 forgets the descriptor.

        Raises OSError for a descriptor that the kernel can't watch, ValueError for one outside this poller's range.
        """

    def poll(self, timeout: float | None) -> list[tuple[int, int]]:
        """Wait until something is ready, at most `timeout` seconds (None: for ever). Returns (descriptor, mask) pairs.

        Raises ClosedDescriptors when the program has closed a watched descriptor. (epoll and kqueue can't know: the
        kernel just stops reporting it.) Once the closed ones are forgotten, the next call reports what this one would
        have reported.
        """
