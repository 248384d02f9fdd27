"""One fix instead of many news: what a receiver said of the same moment, together.

A receiver says where it is several times a second, in as many sentences as it likes. A fix is complete when a later
time is told, or when nothing came for a while: nobody says which sentence is the last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from reactor.interfaces import IDelayedCall
from reactor.positioning import base


@dataclass(frozen=True)
class Fix:
    """What was said of one moment; None for what wasn't."""

    time: datetime
    latitude: base.Coordinate | None = None
    longitude: base.Coordinate | None = None
    altitude: base.Altitude | None = None
    speed: base.Speed | None = None
    heading: base.Heading | None = None
    climb: base.Climb | None = None
    positionError: base.PositionError | None = None
    beaconInformation: base.BeaconInformation | None = None


class FixReceiver(base.BasePositioningReceiver):
    """Calls `fixReceived(fix)` once for each moment that has a position. A moment that is told again is no news.

    clock: a reactor. quiet: seconds without any news after which a fix is complete.
    """

    quiet = 0.3

    def __init__(self, fixReceived: Callable[[Fix], object], clock: Any) -> None:
        self._fix_received, self._clock = fixReceived, clock
        self._fix: Fix | None = None
        self._last: datetime | None = None
        self._timer: IDelayedCall | None = None

    def timeReceived(self, time: datetime) -> None:
        """Another moment, or the same one."""
        if self._fix is not None and self._fix.time != time:
            self.flush()
        if self._fix is None and time != self._last:
            self._fix = Fix(time)
        self._note()

    def flush(self) -> None:
        """Hand on what there is, without waiting. Call this when the receiver is unplugged."""
        fix, self._fix = self._fix, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if fix is not None:
            self._last = fix.time
            if fix.latitude is not None:
                self._fix_received(fix)

    def _note(self, **news: Any) -> None:
        if self._fix is None:
            return
        self._fix = replace(self._fix, **news)
        if self._timer is None:
            self._timer = self._clock.callLater(self.quiet, self._is_quiet)
        else:
            self._timer.reset(self.quiet)

    def _is_quiet(self) -> None:
        self._timer = None
        self.flush()

    def positionReceived(self, latitude: base.Coordinate, longitude: base.Coordinate) -> None:
        """A part of the fix, as the others."""
        self._note(latitude=latitude, longitude=longitude)

    def altitudeReceived(self, altitude: base.Altitude) -> None:
        """A part of the fix."""
        self._note(altitude=altitude)

    def speedReceived(self, speed: base.Speed) -> None:
        """A part of the fix."""
        self._note(speed=speed)

    def headingReceived(self, heading: base.Heading) -> None:
        """A part of the fix."""
        self._note(heading=heading)

    def climbReceived(self, climb: base.Climb) -> None:
        """A part of the fix."""
        self._note(climb=climb)

    def positionErrorReceived(self, positionError: base.PositionError) -> None:
        """A part of the fix."""
        self._note(positionError=positionError)

    def beaconInformationReceived(self, beaconInformation: base.BeaconInformation) -> None:
        """A part of the fix."""
        self._note(beaconInformation=beaconInformation)
