"""Calls that are to happen later.

A heap keeps them by time. Two things keep it cheap. A call that is cancelled, or moved to an earlier time, leaves its
entry behind as a husk, which is thrown away when it comes to the top, or when most entries are husks. A call that is
moved to a later time (as a time-out is at every sign of life) does not touch the heap at all: its entry comes to the
top at the old time and is put back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import heapify, heappop, heappush
from typing import Any

from reactor.error import AlreadyCalled, AlreadyCancelled

_HUSKS_TO_IGNORE = 50  # Twisted's number; sweeping a smaller heap saves too little to be noticed
LONGEST_WAIT_S = 86400.0  # pollers and hosts count ms in a C int, which is full after 24 days; a day is long enough

_Entry = tuple[float, int, "DelayedCall"]


class DelayedCall:
    """A call that will be made once, unless it is cancelled. Made by `callLater`."""

    # They make a call 168 bytes instead of 216 (CPython 3.11), and there may be a time-out for each connection.
    __slots__ = ("_entry", "_time", "_timers", "args", "called", "cancelled", "func", "kw")

    def __init__(
        self, timers: Timers, time: float, func: Callable[..., object], args: tuple[Any, ...], kw: dict[str, Any]
    ) -> None:
        self._timers = timers
        self._time = time
        self._entry: _Entry | None = None
        self.func: Callable[..., object] | None = func
        self.args = args
        self.kw = kw
        self.called = False
        self.cancelled = False

    def getTime(self) -> float:
        """When it is due, on the clock of `reactor.seconds()`."""
        return self._time

    def active(self) -> bool:
        """Whether the call is still to come: neither made nor cancelled. A call that is being made counts as made."""
        return not (self.called or self.cancelled)

    def cancel(self) -> None:
        """Don't make the call. Raises AlreadyCalled or AlreadyCancelled when there is nothing to cancel."""
        self._require_active()
        self.cancelled = True
        self._entry = None
        self.func, self.args, self.kw = None, (), {}  # a husk must not keep the caller's objects alive
        self._timers.left_a_husk()

    def delay(self, secondsLater: float) -> None:
        """Make the call this many seconds later than planned; negative is earlier. Raises as `cancel` does."""
        self._require_active()
        self._timers.move(self, self._time, secondsLater)

    def reset(self, secondsFromNow: float) -> None:
        """Make the call this many seconds from now, whenever it was planned. Raises as `cancel` does."""
        self._require_active()
        self._timers.move(self, self._timers.seconds(), secondsFromNow)

    def run(self) -> None:
        """Make the call. For the loop only; raises whatever the function raises."""
        self.called = True
        self._entry = None  # the entry refers to this call: the cycle would leave each one to the garbage collector
        function, args, kw = self.func, self.args, self.kw
        self.func, self.args, self.kw = None, (), {}
        assert function is not None, "a cancelled call is never due"
        function(*args, **kw)

    def _require_active(self) -> None:
        if self.cancelled:
            raise AlreadyCancelled()
        if self.called:
            raise AlreadyCalled()

    def __repr__(self) -> str:
        if not self.active():
            return f"<DelayedCall {'cancelled' if self.cancelled else 'called'}>"
        name = getattr(self.func, "__qualname__", None) or repr(self.func)
        arguments = [*map(repr, self.args), *(f"{key}={value!r}" for key, value in self.kw.items())]
        return f"<DelayedCall in {self._time - self._timers.seconds():.6g} s: {name}({', '.join(arguments)})>"


class Timers:
    """All calls of one clock that are still to come.

    seconds: the clock.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.seconds = seconds
        self._heap: list[_Entry] = []
        # Counts entries. It puts equal times in the order of asking; being unique, it also keeps the heap from
        # comparing the calls themselves, which have no order.
        self._asked = 0
        self._husks = 0

    def call_later(
        self, delay: float, func: Callable[..., object], args: tuple[Any, ...], kw: dict[str, Any]
    ) -> DelayedCall:
        """A new call in `delay` seconds. Raises ValueError for a delay below 0, TypeError for what can't be called."""
        check_seconds("a delay", delay)
        if not callable(func):
            raise TypeError(f"callLater needs something to call, not {func!r}")
        call = DelayedCall(self, self.seconds() + delay, func, args, kw)
        self._push(call)
        return call

    def move(self, call: DelayedCall, start: float, seconds: float) -> None:
        """Move an active call to this many seconds after `start`; negative is before it."""
        try:
            time = start + seconds
        except TypeError:
            raise TypeError(f"a call is moved by a number of seconds, not {seconds!r}") from None
        if time != time:
            raise ValueError(f"a call can't be moved by {seconds!r} seconds")
        call._time = time
        if call._entry is not None and time < call._entry[0]:
            self._push(call)
            self.left_a_husk()

    def _push(self, call: DelayedCall) -> None:
        self._asked += 1
        self._put(call, self._asked)

    def _put(self, call: DelayedCall, asked: int) -> None:
        call._entry = (call._time, asked, call)
        heappush(self._heap, call._entry)

    def left_a_husk(self) -> None:
        """Count one more husk; sweep if there are too many."""
        self._husks += 1
        if self._husks > _HUSKS_TO_IGNORE and self._husks > len(self._heap) // 2:
            self._heap = [entry for entry in self._heap if _is_live(entry)]
            heapify(self._heap)
            self._husks = 0

    def _next(self) -> _Entry | None:
        """The entry that is due first; drops the husks above it, and puts moved calls in their new places."""
        while self._heap:
            entry = self._heap[0]
            call = entry[2]
            if not _is_live(entry):
                heappop(self._heap)
                self._husks = max(0, self._husks - 1)
            elif call._time > entry[0]:
                heappop(self._heap)
                self._put(call, entry[1])
            else:
                return entry
        return None

    def delay_until_next(self) -> float | None:
        """Seconds until a call may be due, at most a day; 0 if one is overdue, None if there is none.

        It looks at the first entry only: if that is a husk, the loop wakes once for nothing, which costs less than
        looking closer every turn.
        """
        if not self._heap:
            return None
        delay = self._heap[0][0] - self.seconds()
        return min(delay, LONGEST_WAIT_S) if delay > 0 else 0.0

    def next_time(self) -> float | None:
        """When a call may be due next, on this clock; None if there is none."""
        return self._heap[0][0] if self._heap else None

    def due(self) -> Iterable[DelayedCall]:
        """Calls that are due, one by one, each to be run at once. Calls that these ask for are not among them."""
        if not self._heap or self._heap[0][0] > (now := self.seconds()):
            return ()  # most turns end here, without a generator
        return self._due(now, self._asked)  # one look at the clock: slow calls must not make others due in this turn

    def _due(self, now: float, newest: int) -> Iterator[DelayedCall]:
        while (entry := self._next()) is not None and entry[0] <= now and entry[1] <= newest:
            yield heappop(self._heap)[2]

    def pop_due(self) -> DelayedCall | None:
        """The next call that is due, to be run at once; None when none is."""
        entry = self._next()
        return heappop(self._heap)[2] if entry is not None and entry[0] <= self.seconds() else None

    def pending(self) -> list[DelayedCall]:
        """Every call that is still to come, in no particular order."""
        return [entry[2] for entry in self._heap if _is_live(entry)]


def check_seconds(what: str, seconds: float) -> None:
    """Raises ValueError for a number below 0 or NaN, TypeError for anything that isn't a number."""
    try:
        fits = seconds >= 0  # NaN doesn't
    except TypeError:
        raise TypeError(f"{what} is a number of seconds, not {seconds!r}") from None
    if not fits:
        raise ValueError(f"{what} is 0 seconds or more, not {seconds!r}")


def _is_live(entry: _Entry) -> bool:
    return entry[2]._entry is entry and entry[2].active()
