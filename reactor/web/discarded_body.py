"""For a pull producer whose pieces are thrown away, as those of an answer to HEAD are.

A transport asks for the next piece when it has sent the last one. It never sends these, so it would never ask.
"""

from __future__ import annotations

from typing import Any

from reactor.interfaces import IDelayedCall


class Unheard:
    """Asks a producer for piece after piece, one a turn, until it has no more or the client is gone."""

    def __init__(self, clock: Any, producer: Any) -> None:
        self._clock = clock
        self._producer = producer
        self._next: IDelayedCall | None = None

    def ask(self) -> None:
        """Ask for a piece now, and for another one in the next turn."""
        self._next = self._clock.callLater(0, self.ask)
        self._producer.resumeProducing()

    def stop(self) -> None:
        """Stop asking."""
        if self._next is not None and self._next.active():
            self._next.cancel()

    def client_lost(self) -> None:
        """The client is gone: stop asking, and tell the producer, as a transport would."""
        self.stop()
        self._producer.stopProducing()
