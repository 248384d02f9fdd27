"""A call that is made again and again.

The rule against drift: calls are due at the start and a whole number of intervals after it, on the clock's own scale.
However long a call takes, the next one is made at the first of those moments that is still to come; those that were
missed meanwhile are left out, and never made up for. So an hourly call stays on the hour. `withCount` tells how many
were due.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.default import the_reactor
from reactor.defer import Deferred, maybeDeferred
from reactor.failure import Failure
from reactor.interfaces import IDelayedCall, IReactorTime


class LoopingCall:
    """Calls a function every so many seconds.

    running: from `start` to `stop`, or until the function fails. interval: seconds, None before the start.
    clock: keeps the time; the program's reactor unless you set another before the start.
    If the function returns a Deferred, the next call waits for it.
    """

    def __init__(self, f: Callable[..., object], *a: Any, **kw: Any) -> None:
        self.f = f
        self.a = a
        self.kw = kw
        self.running = False
        self.interval: float | None = None
        self.starttime = 0.0
        self._counted_until = 0.0
        self.call: IDelayedCall | None = None
        self._clock: IReactorTime | None = None
        self._end: Deferred[LoopingCall] | None = None

    @property
    def clock(self) -> IReactorTime:
        """Keeps the time."""
        if self._clock is None:
            self._clock = the_reactor()
        return self._clock

    @clock.setter
    def clock(self, clock: IReactorTime) -> None:
        self._clock = clock

    @property
    def deferred(self) -> Deferred[LoopingCall] | None:
        """The Deferred that `start` returned, while this runs; for older programs."""
        return self._end

    @classmethod
    def withCount(cls, countCallable: Callable[[int], object]) -> LoopingCall:
        """A looping call whose function gets the number of calls that were due since the last one: 1, or more if late.

        With an interval of 0 it is always 1. When the clock is early, and none is due yet, the call is left out.
        """

        def count() -> object:
            missed = loop._intervals_missed()
            return countCallable(missed) if missed else None

        loop = cls(count)
        return loop

    def start(self, interval: float, now: bool = True) -> Deferred[LoopingCall]:
        """Begin to call. Returns a Deferred that fires with this object after `stop()`, or fails as the function did.

        interval: seconds, 0 for once in every turn of the loop; ValueError when negative.
        now: whether to make the first call at once; otherwise it comes after one interval.
        Raises AssertionError when it runs already.
        """
        assert not self.running, "Tried to start an already running LoopingCall: stop() it first."
        if not interval >= 0:
            raise ValueError(f"interval must be >= 0 seconds, not {interval!r}")
        self.running = True
        self.interval = interval
        self.starttime = self.clock.seconds()
        self._counted_until = self.starttime - interval if now else self.starttime
        end: Deferred[LoopingCall] = Deferred()
        self._end = end
        if now:
            self()
        else:
            self._schedule()
        return end

    def stop(self) -> None:
        """Make no more calls. If the last one returned a Deferred that hasn't fired, the end waits for it."""
        assert self.running, "Tried to stop a LoopingCall that was not running."
        self.running = False
        if self.call is not None:
            self.call.cancel()
            self.call = None
            self._finish(self)

    def reset(self) -> None:
        """Start counting intervals anew: the next call comes one whole interval from now."""
        assert self.running, "Tried to reset a LoopingCall that was not running."
        if self.call is not None:
            self.call.cancel()
            self.starttime = self.clock.seconds()
            self._schedule()

    def __call__(self) -> None:
        """Make one call now, and schedule the next."""
        self.call = None
        maybeDeferred(self.f, *self.a, **self.kw).addCallback(self._go_on).addErrback(self._fail)

    def _go_on(self, _: object) -> None:
        if self.running:
            self._schedule()
        else:
            self._finish(self)

    def _fail(self, failure: Failure) -> None:
        self.running = False
        self._finish(failure)

    def _finish(self, result: LoopingCall | Failure) -> None:
        end, self._end = self._end, None
        assert end is not None, "it ends once"
        end.callback(result)

    def _schedule(self) -> None:
        self.call = self.clock.callLater(self._delay(), self)

    def _delay(self) -> float:
        """Seconds until the next moment that is a whole number of intervals after the start."""
        if not self.interval:
            return 0
        now = self.clock.seconds()
        delay = self.interval - (now - self.starttime) % self.interval
        # Too little for the clock to show: we are at such a moment, but for a rounding error.
        return self.interval if now + delay == now else delay

    def _intervals_missed(self) -> int:
        """How many such moments there were since the last call of this method."""
        if not self.interval:
            return 1
        now = self.clock.seconds()
        missed = self._intervals_until(now) - self._intervals_until(self._counted_until)
        if missed > 0:
            self._counted_until = now
        return max(missed, 0)

    def _intervals_until(self, time: float) -> int:
        assert self.interval, "only asked when it is neither None nor 0"
        return int((time - self.starttime) / self.interval)

    def __repr__(self) -> str:
        name = getattr(self.f, "__qualname__", None) or repr(self.f)
        return f"LoopingCall<{self.interval!r}>({name}, *{self.a!r}, **{self.kw!r})"
