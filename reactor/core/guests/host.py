"""What a guest needs of its host's loop, and a poller that leaves the waiting to that loop.

A thread can have only one loop. Where a window system's loop or asyncio's is in charge, ours asks it for two things: to
call us when *one* descriptor is readable, and to call us at a given time. The descriptor is that of our own poller: an
epoll or a kqueue is itself readable while any descriptor in it is ready. So a thousand sockets are one event source to
the host, and masks, closed descriptors and all the rest remain the business of the poller, which is tested.

select and poll have no such descriptor (and Windows has nothing else). With one of these the host can't be told what to
wait for, and we have to look every few milliseconds.
"""

from __future__ import annotations

import select
from collections.abc import Callable
from typing import Any, Protocol

from reactor.core.pollers import Poller

# For a poller that has no descriptor. Picked by feel: in a window, an answer that is 10 ms late goes unnoticed, and
# looking a hundred times a second costs 0.8 % of a core (select, 50 ports, in asyncio).
LOOK_EVERY_S = 0.01

Undo = Callable[[], object]


class Host(Protocol):
    """The loop of a window system or of asyncio.

    nests: whether a handler may run this loop inside itself, as a dialog does while it waits for its answer.
    """

    nests: bool

    def watch(self, fd: int, call: Callable[[], object]) -> Undo:
        """Call whenever the descriptor is readable, also from a nested run of the loop. Returns a function to undo it.

        Only one descriptor is watched at a time.
        """

    def call_after(self, delay_s: float, call: Callable[[], object]) -> Undo:
        """Call once, never early. Returns a function that cancels the call while it is still to come.

        Only one call is pending at a time.
        """

    def run(self) -> None:
        """Run until `quit()`, or until the program ends this loop in the loop's own way."""

    def wait(self, delay_s: float) -> None:
        """Run until `quit()` or for `delay_s`; 0 handles what is pending. Does nothing inside a loop that runs."""

    def quit(self) -> None:
        """Make `run` or `wait`, whichever is running, return as soon as the host's current call has returned."""


def best_poller() -> Poller:
    """The best poller that this platform has for a guest: one that has a descriptor, if possible."""
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

    is_hosted: the host's loop is running and calls us, so `poll` doesn't run it.
    """

    def __init__(self, poller: Poller, host: Host) -> None:
        self._poller = poller
        self._host = host
        self.is_hosted = False
        self.watch = poller.watch

    @property
    def has_descriptor(self) -> bool:
        """Whether the poller has one descriptor that stands for all those it watches."""
        return hasattr(self._poller, "fileno")

    def when_ready(self, call: Callable[[], object]) -> Undo:
        """Have the host call whenever a descriptor is ready. Returns a function to undo it."""
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
        ready = self._poller.poll(0)  # first: without a descriptor the host would not notice what is ready already
        if not self.has_descriptor:
            timeout = min(timeout, LOOK_EVERY_S)
        unwatch = self.when_ready(self._host.quit)
        try:
            self._host.wait(0 if ready else timeout)
        finally:
            unwatch()
        return ready or self._poller.poll(0)
