"""NMEA 0183: lines of text from a receiver, such as $GPGLL,4807.04,N,01131.00,E,123519,A*2C, and lines for one.

NMEAProtocol makes sentences of lines, and drops what is none: half a line at the beginning, noise, a wrong checksum.
NMEAAdapter makes positions, times and speeds of sentences, whichever receiver says them in whichever order. The names
are those of `twisted.positioning.nmea`, where a bad line ends the connection and only American satellites are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import xor
from typing import Any

from reactor.positioning import base
from reactor.positioning.base import Angles
from reactor.positioning.ipositioning import INMEAReceiver, IPositioningReceiver
from reactor.protocols.basic import LineReceiver

__all__ = ["NMEAAdapter", "NMEAProtocol", "NMEASentence", "UnknownSentence", "coordinate", "line"]

_PLACE = "latitudeFloat latitudeHemisphere longitudeFloat longitudeHemisphere "
_BEACON = "satellitePRN_{0} elevation_{0} azimuth_{0} signalToNoiseRatio_{0} "
_FIELDS = {
    kind: fields.split()
    for kind, fields in {
        "GGA": f"timestamp {_PLACE} fixQuality numberOfSatellitesSeen horizontalDilutionOfPrecision altitude "
        "altitudeUnits heightOfGeoidAboveWGS84 heightOfGeoidAboveWGS84Units",
        "RMC": f"timestamp dataMode {_PLACE} speedInKnots trueHeading datestamp magneticVariation "
        "magneticVariationDirection",
        "GLL": f"{_PLACE} timestamp dataMode",
        "VTG": "trueHeading - magneticHeading - speedInKnots - speedInKilometersPerHour",
        "HDT": "trueHeading",
        "ZDA": "timestamp day month year",
        "GST": "timestamp rms semiMajorError semiMinorError orientation latitudeError longitudeError altitudeError",
        "GSA": "dataMode fixType "
        + " ".join(f"usedSatellitePRN_{number}" for number in range(12))
        + " positionDilutionOfPrecision horizontalDilutionOfPrecision verticalDilutionOfPrecision systemId",
        "GSV": "numberOfGSVSentences GSVSentenceIndex numberOfSatellitesSeen "
        + "".join(_BEACON.format(number) for number in range(4)),
    }.items()
}
_SENTENCE = re.compile(rb"[$!]([A-Z][A-Z0-9]{2,})((?:,[^$!*,\x00-\x1f\x80-\xff]*)*)(?:\*([0-9A-Fa-f]{2})?)?$")
_NAMES = {"type", *(name for fields in _FIELDS.values() for name in fields)}
_VOID = {("fixQuality", "0"), ("dataMode", "V"), ("fixType", "1")}
_SYSTEMS = {"1": "GP", "2": "GL", "3": "GA", "4": "GB", "5": "GQ"}
_ROLLOVER = timedelta(weeks=1024)  # GPS counts weeks in ten bits


class UnknownSentence(base.InvalidSentence):
    """A sentence of a kind that isn't read here; it has arrived whole."""


class NMEASentence:
    """A sentence. type: such as GPGGA. The other attributes are its fields, as text; None for one that is empty."""

    def __init__(self, sentenceData: dict[str, str]) -> None:
        self._data = sentenceData

    @property
    def presentAttributes(self) -> Iterable[str]:
        """The names of the fields that aren't empty."""
        return iter(self._data)

    def __getattr__(self, name: str) -> str | None:
        if name not in _NAMES:
            raise AttributeError(f"NMEASentence sentences have no {name} attributes")
        return self._data.get(name)

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}: {value}" for name, value in sorted(self._data.items()) if name != "type")
        return f"<NMEASentence ({self._data.get('type')}) {{{fields}}}>"


def _checksum(text: str) -> str:
    return f"{reduce(xor, text.encode('ascii'), 0):02X}"


def line(*fields: str) -> bytes:
    """The bytes of a sentence: `line("GPHDT", "90.0", "T")`. Raises ValueError for a field that can't be in one."""
    text = ",".join(fields)
    if not re.fullmatch(r"[ -~]*", text) or set("$*!\\^~") & set(text) or text.count(",") != len(fields) - 1:
        raise ValueError(f"{fields} can't be the fields of a sentence")
    return f"${text}*{_checksum(text)}\r\n".encode("ascii")


def coordinate(degrees: float, directions: str) -> tuple[str, str]:
    """Two fields: degrees and minutes, and which of the two directions. directions: "NS" or "EW"."""
    whole, parts = divmod(round(abs(degrees) * 600_000), 600_000)  # as a whole, so that 59.99999 minutes carry
    width = 2 if directions == "NS" else 3
    return f"{whole:0{width}}{parts // 10_000:02}.{parts % 10_000:04}", directions[degrees < 0]


class NMEAProtocol(LineReceiver):
    """Makes sentences of what comes, and hands them on.

    sentenceCallback: is given each sentence before the receiver. checksumRequired: whether a sentence without one is
    dropped. MAX_LENGTH: the standard's is 82, and not the truth.
    """

    delimiter = b"\n"
    MAX_LENGTH = 1024
    checksumRequired = True

    def __init__(
        self, receiver: INMEAReceiver, sentenceCallback: Callable[[NMEASentence], object] | None = None
    ) -> None:
        self._receiver, self._callback = receiver, sentenceCallback

    def lineReceived(self, line: bytes) -> None:
        """Hand on the sentence in a line, if it is one."""
        try:
            sentence = self.sentence(line)
        except (base.InvalidSentence, base.InvalidChecksum) as problem:
            self.lineDropped(line, problem)
            return
        if self._callback is not None:
            self._callback(sentence)
        self._receiver.sentenceReceived(sentence)

    def lineDropped(self, line: bytes, problem: Exception) -> object:
        """A line was no sentence, says InvalidSentence or InvalidChecksum. Does nothing, unless you override it."""

    def lineLengthExceeded(self, line: bytes) -> None:
        """Drop it: a receiver at another speed than ours sends noise for ever."""
        self.lineDropped(line[: self.MAX_LENGTH], base.InvalidSentence("no end of a line"))

    def sentence(self, line: bytes) -> NMEASentence:
        """The last sentence in a line, behind whatever noise. Raises InvalidSentence or InvalidChecksum."""
        found = _SENTENCE.search(line.rstrip())
        if found is None or (self.checksumRequired and not found[3]):
            raise base.InvalidSentence(f"malformed sentence {line[:100]!r}")
        head, fields, checksum = (part.decode("ascii") for part in found.groups(b""))
        if checksum and _checksum(head + fields) != checksum.upper():
            raise base.InvalidChecksum(f"{_checksum(head + fields)} != {checksum}")
        if head[2:] not in _FIELDS:
            raise UnknownSentence(f"unknown sentence type {head}")
        values = zip(_FIELDS[head[2:]], fields.split(",")[1:], strict=False)
        return NMEASentence({"type": head, **{name: value for name, value in values if value and name != "-"}})


class NMEAAdapter:
    """Tells a positioning receiver what sentences say.

    yearThreshold: the first of the hundred years that two digits can mean. notBefore: a date; a receiver that counts
    its weeks from too early a start is set right by as many 1024 weeks as it takes.
    A sentence that says that it is not valid clears what was known; one with a field that is none is dropped whole.
    """

    yearThreshold = 1980
    notBefore: date | None = None

    def __init__(self, receiver: IPositioningReceiver) -> None:
        self._receiver = receiver
        self.clear()

    def clear(self) -> None:
        """Forget all that was received."""
        self._date: date | None = None
        self._error, self._heading = base.PositionError(), base.Heading()
        self._used: dict[str, set[int]] = {}
        self._seen: dict[str, list[base.Satellite]] = {}
        self._arriving: dict[str, list[base.Satellite]] = {}

    def sentenceReceived(self, sentence: NMEASentence) -> None:
        """Tell what is new. Called by NMEAProtocol."""
        if any(getattr(sentence, name) == value for name, value in _VOID):
            self.clear()
            return
        try:
            news = [*self._news(sentence)]
        except (ValueError, OverflowError):  # as of a year of twelve digits
            return
        for kind, values in news:
            getattr(self._receiver, kind + "Received")(*values)

    def _news(self, it: NMEASentence) -> Iterable[tuple[str, tuple[Any, ...]]]:
        """Pairs of what is new, and its value. Raises ValueError."""
        if it.datestamp or it.year:
            self._date = self._date_of(it)
        if it.timestamp and self._date:
            yield "time", (datetime.combine(self._date, _time(it.timestamp)),)
        if it.latitudeFloat and it.longitudeFloat:
            latitude = _coordinate(it.latitudeFloat, it.latitudeHemisphere, "NS", Angles.LATITUDE)
            yield "position", (latitude, _coordinate(it.longitudeFloat, it.longitudeHemisphere, "EW", Angles.LONGITUDE))
        if it.altitude:
            yield "altitude", (base.Altitude(_number(it.altitude)),)
        if it.speedInKnots:
            yield "speed", (base.Speed(_number(it.speedInKnots) * base.MPS_PER_KNOT),)
        if it.trueHeading or it.magneticVariation:
            yield "heading", (self._heading_of(it),)
        if it.horizontalDilutionOfPrecision or it.positionDilutionOfPrecision:
            yield "positionError", (self._error_of(it),)
        if it.fixType:
            self._note_used(it)
        if it.GSVSentenceIndex and self._has_all_seen(it):
            yield "beaconInformation", (self._beacons(),)

    def _date_of(self, it: NMEASentence) -> date:
        if it.datestamp:
            day, month, year = (int(it.datestamp[place : place + 2]) for place in (0, 2, 4))
            year = self.yearThreshold + (year - self.yearThreshold) % 100
        else:
            day, month, year = (int(part or 0) for part in (it.day, it.month, it.year))
        found = date(year, month, day)
        while self.notBefore is not None and found < self.notBefore:
            found += _ROLLOVER
        return found

    def _heading_of(self, it: NMEASentence) -> base.Heading:
        variation = self._heading.variation
        if it.magneticVariation:
            variation = base.Angle(_number(it.magneticVariation), Angles.VARIATION)
            variation.setSign(_sign(it.magneticVariationDirection, "EW"))
        angle = _number(it.trueHeading) if it.trueHeading else self._heading.angle
        self._heading = base.Heading(angle, variation)
        return self._heading

    def _error_of(self, it: NMEASentence) -> base.PositionError:
        fields = it.positionDilutionOfPrecision, it.horizontalDilutionOfPrecision, it.verticalDilutionOfPrecision
        before = self._error.pdop, self._error.hdop, self._error.vdop
        self._error = base.PositionError(
            *(_number(new) if new else old for new, old in zip(fields, before, strict=True))
        )
        return self._error

    # --- satellites

    def _note_used(self, it: NMEASentence) -> None:
        used = {int(prn) for number in range(12) if (prn := getattr(it, f"usedSatellitePRN_{number}"))}
        told = _SYSTEMS.get(it.systemId or "") or (it.type or "")[:2]
        for system in {_system(told, prn) for prn in used} or {told}:
            self._used[system] = {prn for prn in used if _system(told, prn) == system}

    def _has_all_seen(self, it: NMEASentence) -> bool:
        """Take the satellites of one of several sentences. Returns whether it was the last."""
        talker, index = (it.type or "")[:2], int(it.GSVSentenceIndex or 0)
        arriving = [] if index == 1 else self._arriving.pop(talker, None)
        if arriving is None or len(arriving) > 64:  # the first one was lost
            return False
        for number in range(4):
            values = (getattr(it, f"{name}_{number}") for name in ("azimuth", "elevation", "signalToNoiseRatio"))
            azimuth, elevation, ratio = (_number(value) if value else None for value in values)
            prn = getattr(it, f"satellitePRN_{number}")
            if prn and ratio is not None:
                arriving.append(base.Satellite(int(prn), azimuth, elevation, ratio, _system(talker, int(prn))))
        is_last = index == int(it.numberOfGSVSentences or 0)
        (self._seen if is_last else self._arriving)[talker] = arriving
        return is_last

    def _beacons(self) -> base.BeaconInformation:
        found = base.BeaconInformation(one for some in self._seen.values() for one in some)
        found.usedBeacons = {one for one in found.seenBeacons if one.identifier in self._used.get(one.system, ())}
        return found


def _system(talker: str, prn: int) -> str:
    """Whose a satellite is: GN says it of none, so that its number has to."""
    if talker != "GN":
        return {"BD": "GB", "QZ": "GQ"}.get(talker, talker)
    return "GL" if 65 <= prn <= 99 else "GQ" if 193 <= prn <= 202 else "GP"


def _number(text: str) -> float:
    """A decimal number. Raises ValueError for any other, such as nan."""
    if not re.fullmatch(r"[+-]?\d{0,12}\.?\d{0,12}", text):
        raise ValueError(f"{text!r} is no number")
    return float(text)


def _time(text: str) -> time:
    found = re.fullmatch(r"(\d\d)(\d\d)(\d\d)(?:\.(\d{1,6})\d*)?", text)
    if found is None:
        raise ValueError(f"{text!r} is no time")
    hour, minute, second = map(int, found.groups()[:3])
    return time(hour, minute, min(second, 59), int((found[4] or "0").ljust(6, "0")))  # a leap second is none here


def _sign(direction: str | None, directions: str) -> int:
    if direction is None or direction.upper() not in directions:
        raise ValueError(f"{direction!r} is none of {directions}")
    return 1 if direction.upper() == directions[0] else -1


def _coordinate(text: str, direction: str | None, directions: str, kind: Angles) -> base.Coordinate:
    found = re.fullmatch(r"(\d{1,3})([0-5]\d(?:\.\d{0,12})?)", text)
    if found is None:
        raise ValueError(f"{text!r} are no degrees and minutes")
    return base.Coordinate(_sign(direction, directions) * (int(found[1]) + float(found[2]) / 60), kind)
