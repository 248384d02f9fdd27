"""A deadline that moves with every request.

Setting and cancelling a timer costs more than looking at the clock, and nearly always the client is in time. So there
is one timer, which is left alone when the deadline moves away: when it is due, too early, it sees that and is set for
the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from reactor.interfaces import IDelayedCall


class Patience:
    """One deadline. clock: sets its timer. too_late: called when the deadline has come."""

    def __init__(self, clock: Any, too_late: Callable[[], object]) -> None:
        self._clock = clock
        self._too_late = too_late
        self._deadline = inf
        self._due = inf
        self._timer: IDelayedCall | None = None

    def wait_at_most(self, delay_s: float | None) -> None:
        """Move the deadline to `delay_s` seconds from now; None for never."""
        if delay_s is None:
            self._deadline = inf
            return
        self._deadline = deadline = self._clock.seconds() + delay_s
        if deadline < self._due:
            self._set_timer(deadline, delay_s)

    def stop(self) -> None:
        """Cancel the timer, for good: a later `wait_at_most` sets none."""
        self._deadline, self._due = inf, -inf
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _set_timer(self, due: float, delay_s: float) -> None:
        self._due = due
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.callLater(delay_s, self._look)

    def _look(self) -> None:
        self._timer, self._due = None, inf
        left = self._deadline - self._clock.seconds()
        if left <= 0:
            self._deadline = inf
            self._too_late()
        elif left < inf:
            self._set_timer(self._deadline, left)
