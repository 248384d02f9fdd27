"""When to send unacknowledged data again: depends on the round-trip time and the number of tries (RFC 6298)."""

from __future__ import annotations

from collections.abc import Callable

from reactor.sim.clock import Alarm, Clock

_FIRST_S = 1.0  # before the first measurement, RFC 6298 section 2.1
_SHORTEST_S = 0.2
_LONGEST_S = 120.0


class Retransmission:
    """The timer of one connection.

    again: called when it is time; it calls `expect` again if it wants to go on. tries: how often in vain, so far.
    """

    def __init__(self, clock: Clock, again: Callable[[], None]) -> None:
        self.tries = 0
        self._clock = clock
        self._again = again
        self._alarm: Alarm | None = None
        self._smoothed_s: float | None = None
        self._deviation_s = 0.0
        self._measured: tuple[int, float] | None = None  # the place whose acknowledgement we time, and since when

    def expect(self) -> None:
        """Something is on its way: start the timer, unless it runs already."""
        if self._alarm is None:
            self._alarm = self._clock.set(self._patience_s(), self._time_is_up)

    def measure(self, place: int) -> None:
        """Data up to this place leaves now, for the first time."""
        if self._measured is None:
            self._measured = place, self._clock.seconds()

    def arrived(self, place: int) -> None:
        """All before this place has arrived: reset the timer."""
        if self._measured is not None and place >= self._measured[0]:
            if not self.tries:  # else we can't know which of the tries was answered (Karn's algorithm)
                self._learn(self._clock.seconds() - self._measured[1])
            self._measured = None
        self.tries = 0
        self.stop()

    def stop(self) -> None:
        """Stop the timer: nothing is awaited any more."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _time_is_up(self) -> None:
        self._alarm = None
        self._measured = None
        self.tries += 1
        self._again()

    def _patience_s(self) -> float:
        known = self._smoothed_s is not None
        first_s = max(_SHORTEST_S, (self._smoothed_s or 0.0) + 4 * self._deviation_s) if known else _FIRST_S
        return float(min(first_s * 2**self.tries, _LONGEST_S))

    def _learn(self, way_s: float) -> None:
        if self._smoothed_s is None:
            self._smoothed_s, self._deviation_s = way_s, way_s / 2
        else:
            self._deviation_s += (abs(self._smoothed_s - way_s) - self._deviation_s) / 4
            self._smoothed_s += (way_s - self._smoothed_s) / 8
