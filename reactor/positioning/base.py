"""What is received: angles, speeds, errors, satellites. The names of `twisted.positioning.base`; SI units inside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

MPS_PER_KNOT = 1852 / 3600
MPS_PER_KPH = 1 / 3.6
METERS_PER_FOOT = 0.3048


class InvalidSentence(Exception):
    """A line, or a message, is none."""


class InvalidChecksum(Exception):
    """A line, or a message, was damaged on its way."""


class Angles(Enum):
    """The kinds of angles: what they are called, the lowest and the highest."""

    LATITUDE = ("Latitude", -90.0, 90.0)
    LONGITUDE = ("Longitude", -180.0, 180.0)
    HEADING = ("Heading", 0.0, 360.0)
    VARIATION = ("Variation", -180.0, 180.0)


class Directions(Enum):
    """Where a hemisphere is."""

    NORTH, EAST, SOUTH, WEST = "NESW"


class BasePositioningReceiver:
    """Does nothing with anything: override what you want to know. See IPositioningReceiver."""

    def timeReceived(self, time: datetime) -> object:
        """Override this."""

    def headingReceived(self, heading: Heading) -> object:
        """Override this."""

    def speedReceived(self, speed: Speed) -> object:
        """Override this."""

    def climbReceived(self, climb: Climb) -> object:
        """Override this."""

    def positionReceived(self, latitude: Coordinate, longitude: Coordinate) -> object:
        """Override this."""

    def positionErrorReceived(self, positionError: PositionError) -> object:
        """Override this."""

    def altitudeReceived(self, altitude: Altitude) -> object:
        """Override this."""

    def beaconInformationReceived(self, beaconInformation: BeaconInformation) -> object:
        """Override this."""


@dataclass(repr=False)
class Angle:
    """An angle in degrees, None if it isn't known. Raises ValueError for one that its kind can't have (or NaN)."""

    angle: float | None = None
    angleType: Angles | None = None

    def __post_init__(self) -> None:
        if self.angle is not None:
            self.angle += 0.0  # there is no south of the equator by -0
            _, low, high = self.angleType.value if self.angleType is not None else ("", -1e9, 1e9)
            if not low <= self.angle <= high:
                raise ValueError(f"Angle {self.angle} not in allowed range for type {self.angleType}")

    @property
    def inDecimalDegrees(self) -> float | None:
        """Degrees, south and west negative."""
        return self.angle

    @property
    def inDegreesMinutesSeconds(self) -> tuple[int, int, int] | None:
        """Degrees, minutes and whole seconds, without the sign."""
        if self.angle is None:
            return None
        minutes, seconds = divmod(int(abs(self.angle) * 3600 + 1e-6), 60)
        return (*divmod(minutes, 60), seconds)

    def setSign(self, sign: int) -> None:
        """Make it positive (1) or negative (-1). Raises ValueError for another sign, or an angle that isn't known."""
        if sign not in (-1, 1) or self.angle is None:
            raise ValueError(f"bad sign (got {sign} for {self.angle}, expected -1 or 1 for a number)")
        self.angle = sign * abs(self.angle) + 0.0

    def __float__(self) -> float:
        return float(self.angle)  # type: ignore[arg-type]  # as float(None) complains

    def __repr__(self) -> str:
        name = "Angle of unknown type" if self.angleType is None else self.angleType.value[0]
        return f"<{name} ({'unknown value' if self.angle is None else f'{round(self.angle, 2)} degrees'})>"


class Heading(Angle):
    """Where something goes: degrees from true north, clockwise. variation: of a compass there, east positive."""

    def __init__(self, angle: float | None = None, variation: Angle | None = None) -> None:
        super().__init__(angle, Angles.HEADING)
        self.variation = variation

    @classmethod
    def fromFloats(cls, angleValue: float | None = None, variationValue: float | None = None) -> Heading:
        """A heading of two numbers."""
        return cls(angleValue, Angle(variationValue, Angles.VARIATION))

    @property
    def correctedHeading(self) -> Angle | None:
        """What a compass shows, if both are known."""
        if self.angle is None or self.variation is None or self.variation.angle is None:
            return None
        return Angle((self.angle - self.variation.angle) % 360, Angles.HEADING)

    def setSign(self, sign: int) -> None:
        """Set the sign of the variation."""
        if self.variation is None:
            raise ValueError("can't set the sign of an unknown variation")
        self.variation.setSign(sign)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Heading) and (self.angle, self.variation) == (other.angle, other.variation)


class Coordinate(Angle):
    """A latitude or a longitude."""

    @property
    def hemisphere(self) -> Directions:
        """Where it is. Raises ValueError for one that is neither of latitude nor of longitude."""
        is_negative = float(self) < 0
        if self.angleType is Angles.LATITUDE:
            return Directions.SOUTH if is_negative else Directions.NORTH
        if self.angleType is Angles.LONGITUDE:
            return Directions.WEST if is_negative else Directions.EAST
        raise ValueError("unknown coordinate type (cant find hemisphere)")


@dataclass(frozen=True)
class Altitude:
    """A height above the sea, in metres."""

    inMeters: float

    @property
    def inFeet(self) -> float:
        """The same in feet."""
        return self.inMeters / METERS_PER_FOOT

    def __float__(self) -> float:
        return self.inMeters


@dataclass(frozen=True)
class Climb:
    """How fast something goes up, in metres a second."""

    inMetersPerSecond: float

    @property
    def inKnots(self) -> float:
        """The same in knots."""
        return self.inMetersPerSecond / MPS_PER_KNOT

    def __float__(self) -> float:
        return self.inMetersPerSecond


@dataclass(frozen=True)
class Speed(Climb):
    """How fast something goes. Raises ValueError for a negative one."""

    def __post_init__(self) -> None:
        if not self.inMetersPerSecond >= 0:
            raise ValueError(f"negative speed: {self.inMetersPerSecond!r}")


@dataclass
class PositionError:
    """By what factors the geometry of the satellites spoils a position, altogether, horizontally and vertically."""

    pdop: float | None = None
    hdop: float | None = None
    vdop: float | None = None


@dataclass(frozen=True)
class PositioningBeacon:
    """A thing that tells where we are. identifier: its own."""

    identifier: Any


@dataclass(frozen=True)
class Satellite(PositioningBeacon):
    """A satellite. identifier: its PRN. azimuth, elevation: degrees, where it is seen. signalToNoiseRatio: dB.

    system: as in a talker of NMEA: GP, GL (Glonass), GA (Galileo), GB (BeiDou), GQ (QZSS).
    """

    azimuth: float | None = None
    elevation: float | None = None
    signalToNoiseRatio: float | None = None
    system: str = "GP"


class BeaconInformation:
    """Which satellites are seen. seenBeacons, usedBeacons: sets of Satellites."""

    def __init__(self, seenBeacons: Iterable[Any] = ()) -> None:
        self.seenBeacons = set(seenBeacons)
        self.usedBeacons: set[Any] = set()

    def __repr__(self) -> str:
        used, seen = (sorted(one.identifier for one in some) for some in (self.usedBeacons, self.seenBeacons))
        return f"<BeaconInformation (used beacons: {used}, seen beacons: {seen})>"
