"""A clock that the test moves by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from reactor.core.loop.timers import DelayedCall, Timers


class Clock:
    """A clock that stands still until `advance`: the `IReactorTime` of tests, where nothing waits or races.

    rightNow: the time that it shows, in seconds.
    """

    def __init__(self) -> None:
        self.rightNow = 0.0
        self._timers = Timers(self.seconds)

    def seconds(self) -> float:
        """The time that it shows."""
        return self.rightNow

    def callLater(self, delay: float, callable: Callable[..., object], *args: Any, **kw: Any) -> DelayedCall:
        """As the reactor's `callLater`: the `advance` that reaches its time makes the call."""
        return self._timers.call_later(delay, callable, args, kw)

    def getDelayedCalls(self) -> list[DelayedCall]:
        """Calls that are still to come, soonest first."""
        return sorted(self._timers.pending(), key=DelayedCall.getTime)

    @property
    def calls(self) -> list[DelayedCall]:
        """The same, as Twisted's tests look at them."""
        return self.getDelayedCalls()

    def advance(self, amount: float) -> None:
        """Move on by `amount` seconds and make the calls that are due by then, in order.

        If a call asks for another one that is due by then, this `advance` makes that too. What a call raises leaves
        `advance`.
        """
        self.rightNow += amount
        while (call := self._timers.pop_due()) is not None:
            call.run()

    def pump(self, timings: Iterable[float]) -> None:
        """Advance by each of these, one after the other."""
        for amount in timings:
            self.advance(amount)
