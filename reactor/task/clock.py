"""Time by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from reactor.core.loop.timers import DelayedCall, Timers


class Clock:
    """A clock that stands still until told to go on: the `IReactorTime` of tests, where nothing waits or races.

    rightNow: what it shows, in seconds.
    """

    def __init__(self) -> None:
        self.rightNow = 0.0
        self._timers = Timers(self.seconds)

    def seconds(self) -> float:
        """What it shows."""
        return self.rightNow

    def callLater(self, delay: float, callable: Callable[..., object], *args: Any, **kw: Any) -> DelayedCall:
        """As the reactor's: the call is made by the `advance` that reaches its time."""
        return self._timers.call_later(delay, callable, args, kw)

    def getDelayedCalls(self) -> list[DelayedCall]:
        """Calls that are still to come, soonest first."""
        return sorted(self._timers.pending(), key=DelayedCall.getTime)

    def advance(self, amount: float) -> None:
        """Move on by `amount` seconds and make the calls that are due by then, in order.

        A call that asks for another which is due by then gets it in this `advance` too. What a call raises comes out
        here.
        """
        self.rightNow += amount
        while (call := self._timers.pop_due()) is not None:
            call.run()

    def pump(self, timings: Iterable[float]) -> None:
        """Advance by each of these, one after the other."""
        for amount in timings:
            self.advance(amount)
