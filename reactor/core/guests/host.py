"""The loop of another, as far as a guest needs it, and a poller that leaves the waiting to it.

There can be only one loop in a thread. Where a window system's or asyncio's rules, ours asks it for two things only: to
call when *one* descriptor is readable, and to call when a time has come. The descriptor is that of our own poller: an
epoll or a kqueue is itself readable while any descriptor in it is ready. So what happens on a thousand sockets is one
event for the host, and the masks, the closed descriptors and all the rest stay the affair of the poller, which is
tested.

select and poll have no such descriptor (they are all there is on Windows). With one of these the host can't be told
whom to wait for, and has to look every few milliseconds.
"""

from __future__ import annotations

import select
from collections.abc import Callable
from typing import Any, Protocol

from reactor.core.pollers import Poller

# With a poller that has no descriptor. Picked by feel: an answer that is 10 ms late isn't noticed in a window, and to
# look a hundred times a second costs 0.8 % of a core (select, 50 ports, in asyncio).
LOOK_EVERY_S = 0.01

Undo = Callable[[], object]


class Host(Protocol):
    """The loop of a window system or of asyncio.

    nests: whether a handler may run this loop inside itself, as a dialog does that waits for its answer.
    """

    nests: bool

    def watch(self, fd: int, call: Callable[[], object]) -> Undo:
        """Call whenever the descriptor is readable, also from a loop inside the loop. Returns what ends that.

        One at a time.
        """

    def call_after(self, delay_s: float, call: Callable[[], object]) -> Undo:
        """Call once, never early. Returns what takes it back as long as it has not happened. One at a time."""

    def run(self) -> None:
        """Run until `quit()`, or until the program ends this loop by its own means."""

    def wait(self, delay_s: float) -> None:
        """Run until `quit()` or until the time is over; 0 does what is there to do. No-op inside a loop that runs."""

    def quit(self) -> None:
        """Have `run` or `wait` return, whichever the host is in, when the call that it makes just now is through."""


def best_poller() -> Poller:
    """The best that this platform has for a guest: one with a descriptor, if there is one."""
    if hasattr(select, "epoll"):
        from reactor.core.pollers.epoll import EpollPoller

        return EpollPoller()
    if hasattr(select, "kqueue"):
        from reactor.core.pollers.kqueue import KQueuePoller

        return KQueuePoller()
    from reactor.core.pollers.select import WindowsSelectPoller

    return WindowsSelectPoller()


class GuestPoller:
    """A poller whose waiting is done by a host, so that the host's own events are served meanwhile.

    is_hosted: the host runs already and calls us; then there is nothing to wait for.
    """

    def __init__(self, poller: Poller, host: Host) -> None:
        self._poller = poller
        self._host = host
        self.is_hosted = False
        self.watch = poller.watch

    @property
    def has_descriptor(self) -> bool:
        """Whether there is one descriptor that stands for all."""
        return hasattr(self._poller, "fileno")

    def when_ready(self, call: Callable[[], object]) -> Undo:
        """Have the host call whenever a descriptor is ready. Returns what ends that."""
        poller: Any = self._poller
        if not self.has_descriptor:
            return lambda: None
        ends = [self._host.watch(poller.fileno(), call)]

        def watch_again() -> None:
            ends.pop()()
            ends.append(self._host.watch(poller.fileno(), call))

        def end() -> None:
            poller.on_renewed = None
            ends.pop()()

        poller.on_renewed = watch_again
        return end

    def poll(self, timeout: float | None) -> list[tuple[int, int]]:
        if self.is_hosted:
            return self._poller.poll(timeout)
        assert timeout is not None, "only iterate() waits by itself, and it says how long"
        ready = self._poller.poll(0)
        if not self.has_descriptor:
            timeout = min(timeout, LOOK_EVERY_S)
        unwatch = self.when_ready(self._host.quit)
        try:
            self._host.wait(0 if ready else timeout)
        finally:
            unwatch()
        return ready or self._poller.poll(0)
