"""A window toolkit as a guest of the reactor: the other way around, for Tk and wx.

Neither toolkit can watch sockets well on every platform. So the reactor's loop is in charge, and a hundred times a
second it lets the toolkit handle its events: quick enough for eyes and hands, and it costs little.

One thing needs care. A button's handler may open a dialog and wait for the answer; then the toolkit doesn't return to
us until the user answers. Until then the roles are reversed: the toolkit, by a timer of its own, lets the reactor take
its turns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Undo = Callable[[], object]


class Pump:
    """Gives a toolkit its turn at regular intervals.

    serve: handles the toolkit's pending events, without waiting; returns False when the toolkit is gone.
    after: has the toolkit itself make a call after so many seconds; returns a function that cancels it.
    """

    def __init__(
        self,
        reactor: Any,
        interval_s: float,
        serve: Callable[[], bool],
        after: Callable[[float, Callable[[], object]], Undo],
    ) -> None:
        self._reactor = reactor
        self._interval_s = interval_s
        self._serve = serve
        self._after = after
        self._undo: Undo = lambda: None
        self._next: Any = None
        self._is_on = True
        self._pump_later()

    def stop(self) -> None:
        """Leave the toolkit alone from now on."""
        self._is_on = False
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _pump_later(self) -> None:
        self._next = self._reactor.callLater(self._interval_s, self._pump)

    def _pump(self) -> None:
        self._next = None
        # Set before and cancelled after: it fires only while `serve` hasn't returned, which is how we detect a dialog.
        self._undo = self._after(self._interval_s, self._change_roles)
        try:
            self._is_on = self._serve() and self._is_on
        finally:
            self._undo()
        if self._is_on:
            self._pump_later()

    def _change_roles(self) -> None:
        """`serve` has not returned, because the toolkit runs a loop of its own: now we are the guest."""
        self._undo = self._after(self._interval_s, self._change_roles)
        self._reactor.iterate(0)
