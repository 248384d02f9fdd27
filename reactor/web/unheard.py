"""A pull producer whose consumer sends nothing, and so would never ask it again."""

from __future__ import annotations

from typing import Any


class Unheard:
    """Asks a producer for piece after piece, one a turn, until it is told to stop."""

    def __init__(self, clock: Any, producer: Any) -> None:
        self._clock = clock
        self._producer = producer
        self._ask()

    def _ask(self) -> None:
        self._next = self._clock.callLater(0, self._ask)
        self._producer.resumeProducing()

    def stop(self) -> None:
        """It has no more."""
        if self._next.active():
            self._next.cancel()
