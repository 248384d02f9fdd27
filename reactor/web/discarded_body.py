"""A pull producer whose consumer sends nothing, and so would never ask it again."""

from __future__ import annotations

from typing import Any

from reactor.interfaces import IDelayedCall


class Unheard:
    """Asks a producer for piece after piece, one a turn, until it is told to stop."""

    def __init__(self, clock: Any, producer: Any) -> None:
        self._clock = clock
        self._producer = producer
        self._next: IDelayedCall | None = None

    def ask(self) -> None:
        """Ask for a piece now, and for another one in the next turn."""
        self._next = self._clock.callLater(0, self.ask)
        self._producer.resumeProducing()

    def stop(self) -> None:
        """It has no more, or nobody wants any."""
        if self._next is not None and self._next.active():
            self._next.cancel()

    def client_lost(self) -> None:
        """Nobody wants any: tell the producer, as a transport would."""
        self.stop()
        self._producer.stopProducing()
