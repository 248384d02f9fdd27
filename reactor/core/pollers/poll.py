"""poll(2), every UNIX: the whole set goes to the kernel each time. No limit, but slow with thousands of idle ones."""

from __future__ import annotations

import math
import select

from reactor.core.pollers import ClosedDescriptors


class PollPoller:
    """Keeps the set in user space; each turn hands all of it to the kernel."""

    def __init__(self) -> None:
        self._poll = select.poll()

    def watch(self, fd: int, mask: int) -> None:
        if mask:
            self._poll.register(fd, mask)  # also replaces an earlier mask
        else:
            try:
                self._poll.unregister(fd)
            except KeyError:
                pass  # it isn't watched

    def poll(self, timeout: float | None) -> list[tuple[int, int]]:
        # poll(2) counts in whole milliseconds: round up, or a timer 0.4 ms away would spin until it is due.
        ready = self._poll.poll(None if timeout is None else math.ceil(timeout * 1000))
        closed = [fd for fd, mask in ready if mask & select.POLLNVAL]
        if closed:
            raise ClosedDescriptors(closed)
        return ready
