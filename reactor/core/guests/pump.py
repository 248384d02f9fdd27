"""A window toolkit as a guest of the reactor: the other way around, for Tk and wx.

Neither of these can watch sockets well on every platform. So the reactor's loop rules, and lets the toolkit do what it
has to do a hundred times a second: quick enough for eyes and hands, and it costs little.

One thing needs care. The handler of a button may open a dialog and wait for the answer; then the toolkit doesn't come
back to us before somebody answers. For that time the roles change: the toolkit, by a timer of its own, lets the reactor
take its turns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Undo = Callable[[], object]


class Pump:
    """Lets a toolkit have its turn every so often.

    serve: does what there is to do, without waiting; False when the toolkit is gone.
    after: has the toolkit itself make a call in so many seconds; returns what takes that back.
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
        # Set before, and taken back after: it comes only if `serve` doesn't return, so a dialog needs no other sign.
        self._undo = self._after(self._interval_s, self._change_roles)
        try:
            self._is_on = self._serve() and self._is_on
        finally:
            self._undo()
        if self._is_on:
            self._pump_later()

    def _change_roles(self) -> None:
        """The toolkit has not come back, and serves its own loop: now we are the guest."""
        self._undo = self._after(self._interval_s, self._change_roles)
        self._reactor.iterate(0)
