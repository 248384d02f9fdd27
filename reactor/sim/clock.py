"""Virtual time: it stands still while there is something to do, and then jumps to the next event.

Everything that will happen later in a world, the arrival of a packet or the end of a program's patience, is an `Alarm`
here. Two alarms for one instant go off in the order in which they were set, so that a run is the same every time.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any


class Alarm:
    """Something that will happen. Made by `Clock.set`."""

    __slots__ = ("_action", "_args")

    def __init__(self, action: Callable[..., object], args: tuple[Any, ...]) -> None:
        self._action: Callable[..., object] | None = action
        self._args = args

    @property
    def is_set(self) -> bool:
        """Whether the alarm is still to come."""
        return self._action is not None

    def cancel(self) -> None:
        """Cancel the alarm. Does nothing if it was cancelled or has gone off."""
        self._action, self._args = None, ()

    def go_off(self) -> None:
        """Make the alarm go off. For the clock only."""
        action, args = self._action, self._args
        self.cancel()
        assert action is not None, "a cancelled alarm never goes off"
        action(*args)


class Clock:
    """The time of one world, in seconds since it began."""

    def __init__(self) -> None:
        self._now = 0.0
        self._set = 0  # counts alarms, so that equal times go off in the order in which they were set
        self._heap: list[tuple[float, int, Alarm]] = []

    def seconds(self) -> float:
        """Now."""
        return self._now

    def set(self, delay_s: float, action: Callable[..., object], *args: Any) -> Alarm:
        """Call `action(*args)` after a delay in seconds, 0 or more."""
        return self.set_at(self._now + delay_s, action, *args)

    def set_at(self, time: float, action: Callable[..., object], *args: Any) -> Alarm:
        """Call `action(*args)` at this time."""
        alarm = Alarm(action, args)
        self._set += 1
        heappush(self._heap, (time, self._set, alarm))
        return alarm

    def next_time(self) -> float | None:
        """When the next alarm goes off; None if there is none."""
        while self._heap and not self._heap[0][2].is_set:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def go_on(self) -> None:
        """Jump to the next alarm, and make it go off. There must be one."""
        self.next_time()
        time, _, alarm = heappop(self._heap)
        self.jump_to(time)
        alarm.go_off()

    def jump_to(self, time: float) -> None:
        """Move to this time; a time that is past means now."""
        self._now = max(self._now, time)
