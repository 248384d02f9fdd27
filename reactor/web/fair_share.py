"""How much one client gets of a turn of the loop, while others wait.

One read may hold ten thousand pieces of a body, of one byte each, and to read them takes longer than all else that a
server does in a turn. So they are counted in steps, some ten microseconds each. A client that has used up its steps
goes on in the next turn, and gets new ones for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.interfaces import IDelayedCall

STEPS_A_TURN = 200  # a few milliseconds


class Share:
    """The steps of one client. clock: calls `go_on` in the next turn, when the client has waited for it.

    left: its steps; set them to STEPS_A_TURN when a read begins a turn.
    """

    def __init__(self, clock: Any, go_on: Callable[[], object]) -> None:
        self._clock = clock
        self._go_on = go_on
        self.left = STEPS_A_TURN
        self._timer: IDelayedCall | None = None
        self._is_gone = False

    @property
    def is_waiting(self) -> bool:
        """Whether the client waits for the next turn."""
        return self._timer is not None

    def take(self, steps: int) -> bool:
        """Whether the client may go on now. If not, `go_on` is called in the next turn."""
        if self._timer is not None or self.left < steps:
            self.wait()
            return False
        self.left -= steps
        return True

    def wait(self) -> None:
        """Let others go first: `go_on` is called in the next turn."""
        if self._timer is None and not self._is_gone:
            self._timer = self._clock.callLater(0, self._next_turn)

    def stop(self) -> None:
        """The client is gone: `go_on` isn't called any more."""
        self._is_gone = True
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _next_turn(self) -> None:
        self._timer, self.left = None, STEPS_A_TURN
        self._go_on()
