"""What the parts of positioning promise each other. The names of `twisted.positioning.ipositioning`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from reactor.positioning import base
    from reactor.positioning.nmea import NMEASentence

__all__ = ["INMEAReceiver", "IPositioningBeacon", "IPositioningReceiver"]


class IPositioningReceiver(Protocol):
    """Is told what is new, a method for each kind; `base.BasePositioningReceiver` has them all, and does nothing."""

    def positionReceived(self, latitude: base.Coordinate, longitude: base.Coordinate) -> object:
        """Where we are."""

    def positionErrorReceived(self, positionError: base.PositionError) -> object:
        """How far that may be from the truth."""

    def timeReceived(self, time: datetime) -> object:
        """Date and time, in UTC."""

    def headingReceived(self, heading: base.Heading) -> object:
        """Where we go."""

    def altitudeReceived(self, altitude: base.Altitude) -> object:
        """How high we are, above the sea."""

    def speedReceived(self, speed: base.Speed) -> object:
        """How fast we go, over ground."""

    def climbReceived(self, climb: base.Climb) -> object:
        """How fast we go up."""

    def beaconInformationReceived(self, beaconInformation: base.BeaconInformation) -> object:
        """Which satellites are seen, and which of them are used."""


class IPositioningBeacon(Protocol):
    """A satellite, or another thing that tells where we are. identifier: its own."""

    identifier: Any


class INMEAReceiver(Protocol):
    """Gets sentences of NMEA 0183."""

    def sentenceReceived(self, sentence: NMEASentence) -> object:
        """A sentence came."""
