"""Rockwell's Zodiac protocol, which the receivers of the nineties speak when they don't speak NMEA.

A message is words of 16 bits, the low byte first: 81FF, its number, how many words of data follow, flags, a checksum
that makes these five add up to 0; then the data, with a checksum of their own. There is no end of a line to wait for,
and FF 81 may stand in data as well. So a reader takes what adds up, and looks again one byte on where it doesn't.

The words of each message are counted as in Rockwell's "Zodiac Serial Data Interface Specification" (GPS-25, 1996).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from reactor.positioning import base
from reactor.positioning.base import Angles
from reactor.positioning.ipositioning import IPositioningReceiver
from reactor.protocol import Protocol

_SYNC = b"\xff\x81"
_HEADER = struct.Struct("<HHHHH")
_WORDS_AT_MOST = 256  # of data; the longest that is known has 60
_POSITION = struct.Struct("<8xH16xHHHHHHIiiihIHhh32x")
_CHANNELS = 12
_PER_CHANNEL, _VISIBLE = struct.Struct("<HHH"), struct.Struct("<Hhh")
_START = struct.Struct("<H6x6Hii12x")
_HAS_TIME, _HAS_PLACE = 1 << 2, 1 << 3
_TO_EARTHMATE = b"EARTHA\r\n"  # Delorme's Earthmate says so until one says it back


def _checksum(data: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f"<{len(data) // 2}H", data)
    return -sum(words) & 0xFFFF


def message(number: int, data: bytes = b"") -> bytes:
    """The bytes of a message. Raises ValueError for data that are no whole words, or too many."""
    if len(data) % 2 or len(data) > 2 * _WORDS_AT_MOST:
        raise ValueError(f"a message has at most {_WORDS_AT_MOST} words, not {len(data)} bytes")
    head = struct.pack("<HHHH", 0x81FF, number, len(data) // 2, 0)
    return head + struct.pack("<H", _checksum(head)) + (data + struct.pack("<H", _checksum(data)) if data else b"")


class Position(NamedTuple):
    """Message 1000, which a receiver sends each second; as far as it is read here. Units are the protocol's.

    validity: 0, or a bit for each reason why not; the lowest one concerns the height only. fraction: nanoseconds.
    latitude, longitude: 1e-8 radians. height: above the ellipsoid, which is `separation` above the sea; centimetres.
    course: 1e-3 radians. variation: 1e-4 radians. speed, climb: centimetres a second.
    """

    validity: int = 0
    day: int = 1
    month: int = 1
    year: int = 1980
    hour: int = 0
    minute: int = 0
    second: int = 0
    fraction: int = 0
    latitude: int = 0
    longitude: int = 0
    height: int = 0
    separation: int = 0
    speed: int = 0
    course: int = 0
    variation: int = 0
    climb: int = 0

    def packed(self) -> bytes:
        """The bytes of the message: what a simulated receiver sends."""
        return message(1000, _POSITION.pack(*self))


class Zodiac(Protocol):
    """Makes positions, times and speeds of messages, and tells a positioning receiver.

    version: what the receiver calls its software, when it has. leapSeconds: between GPS' time and UTC, likewise.
    mostAnswers: to an Earthmate that calls, once a second; they would pile up for one that doesn't read.
    """

    mostAnswers = 100_000  # for a day, 800 KB
    version: str | None = None
    leapSeconds: int | None = None

    def __init__(self, receiver: IPositioningReceiver) -> None:
        self._receiver = receiver
        self._waiting = b""
        self._channels: dict[int, tuple[int, int]] = {}  # PRN → whether it is used, dB
        self._sequence = 0
        self._answers = 0

    # --- to the receiver

    def send(self, number: int, *words: int) -> None:
        """Send a message: its number, and its words from word 7 on; word 6 counts the messages."""
        self._sequence = (self._sequence + 1) % 32768
        self.transport.write(message(number, struct.pack(f"<{len(words) + 1}H", self._sequence, *words)))

    def setSpeed(self, baud: int) -> None:
        """Tell it to speak at 300 × 2ⁿ baud (message 1330). Raises ValueError for another speed."""
        code = round(math.log2(max(baud, 1) / 300)) + 1
        if not 1 <= code <= 8 or 300 << code - 1 != baud:
            raise ValueError(f"no Zodiac speaks at {baud} baud")
        self.send(1330, 1, 1, 0, 0, code, *[0] * 8)

    def speakNMEA(self) -> None:
        """Tell it to speak NMEA from now on, also after it was switched off (message 1331)."""
        self.send(1331, 0, 1)

    def initialize(self, time: datetime, latitude: float, longitude: float) -> None:
        """Tell it when and where it is, so that it finds satellites sooner (message 1200).

        time: in UTC, without a zone. latitude, longitude: degrees, within its own ones. What it is told says nothing of
        height and speed. Raises ValueError for angles that can't be.
        """
        place = (base.Coordinate(latitude, Angles.LATITUDE), base.Coordinate(longitude, Angles.LONGITUDE))
        radians = (round(math.radians(float(angle)) * 1e8) for angle in place)
        moment = time.day, time.month, time.year, time.hour, time.minute, time.second
        self.send(1200, *struct.unpack("<20H", _START.pack(_HAS_TIME | _HAS_PLACE, *moment, *radians)))

    # --- from it

    def dataReceived(self, data: bytes) -> None:
        """Take the messages that are whole."""
        waiting, place = self._waiting + data, 0
        while (start := waiting.find(_SYNC, place)) >= 0:
            self._answer_trigger(waiting, place, start)
            end = self._end_of(waiting, start)
            if end is None:
                place = start
                break
            if end > start:
                self._take(waiting[start:end])
            place = max(end, start + 1)
        else:
            place = max(self._answer_trigger(waiting, place, len(waiting)), len(waiting) - len(_TO_EARTHMATE) + 1)
        self._waiting = waiting[place:]

    def _answer_trigger(self, data: bytes, start: int, end: int) -> int:
        """Answer an Earthmate that calls between these places. Returns where what is not answered yet begins."""
        found = data.rfind(_TO_EARTHMATE, start, end)
        if found < 0:
            return start
        self._answers += 1
        if self._answers <= self.mostAnswers:
            self.transport.write(_TO_EARTHMATE)
        return found + len(_TO_EARTHMATE)

    def _end_of(self, data: bytes, start: int) -> int | None:
        """Where a message ends; `start` if there is none, None if it isn't whole."""
        head = data[start : start + _HEADER.size]
        if len(head) < _HEADER.size:
            return None
        words = _HEADER.unpack(head)
        if sum(words) & 0xFFFF or words[2] > _WORDS_AT_MOST:
            return start
        end = start + _HEADER.size + (2 * words[2] + 2 if words[2] else 0)
        if end > len(data):
            return None
        return start if _checksum(data[start + _HEADER.size : end]) else end

    def _take(self, data: bytes) -> None:
        number, words = struct.unpack_from("<2xHH", data)
        self.messageReceived(number, data[_HEADER.size : _HEADER.size + 2 * words])

    def messageReceived(self, number: int, data: bytes) -> None:
        """A message came; data: from word 6 on. Those that are not known, or too short, are dropped; override this."""
        least, handle = _HANDLERS.get(number, (0, None))
        if handle is not None and len(data) >= least:
            handle(self, data)

    def _position(self, data: bytes) -> None:
        it, receiver = Position._make(_POSITION.unpack_from(data)), self._receiver
        if it.validity & 0x1C:
            return
        try:
            when = datetime(it.year, it.month, it.day, it.hour, it.minute, min(it.second, 59))
            when += timedelta(microseconds=it.fraction // 1000)
            latitude, longitude = (math.degrees(angle * 1e-8) for angle in (it.latitude, it.longitude))
            variation = base.Angle(math.degrees(it.variation * 1e-4), Angles.VARIATION)
            heading = base.Heading(math.degrees(it.course * 1e-3) % 360, variation)
            place = base.Coordinate(latitude, Angles.LATITUDE), base.Coordinate(longitude, Angles.LONGITUDE)
        except (ValueError, OverflowError):
            return
        receiver.timeReceived(when)
        receiver.positionReceived(*place)
        if not it.validity & 1:
            receiver.altitudeReceived(base.Altitude((it.height - it.separation) / 100))
            receiver.climbReceived(base.Climb(it.climb / 100))
        receiver.speedReceived(base.Speed(it.speed / 100))
        receiver.headingReceived(heading)

    def _channel_summary(self, data: bytes) -> None:
        channels = _PER_CHANNEL.iter_unpack(data[18 : 18 + _CHANNELS * _PER_CHANNEL.size])
        self._channels = {prn: (status & 1, ratio) for status, prn, ratio in channels if prn}

    def _visible(self, data: bytes) -> None:
        _, pdop, hdop, vdop, _, count = struct.unpack_from("<6H", data, 6)
        satellites = _VISIBLE.iter_unpack(data[18 : 18 + min(count, _CHANNELS) * _VISIBLE.size])
        found = base.BeaconInformation()
        for prn, azimuth, elevation in satellites:
            is_used, ratio = self._channels.get(prn, (0, None))
            angles = (math.degrees(azimuth * 1e-4) % 360, math.degrees(elevation * 1e-4))
            one = base.Satellite(prn, *angles, ratio)
            found.seenBeacons.add(one)
            if is_used:
                found.usedBeacons.add(one)
        self._receiver.positionErrorReceived(base.PositionError(pdop / 100, hdop / 100, vdop / 100))
        self._receiver.beaconInformationReceived(found)

    def _software(self, data: bytes) -> None:
        self.version = data[26:46].split(b"\0")[0].decode("latin-1").strip()

    def _time_mark(self, data: bytes) -> None:
        leap, validity = struct.unpack_from("<h4xH", data, 20)
        if validity & 3 == 3:
            self.leapSeconds = leap


_HANDLERS: dict[int, tuple[int, Callable[[Zodiac, bytes], None]]] = {  # number → least bytes, what takes it
    1000: (_POSITION.size, Zodiac._position),
    1002: (18 + _CHANNELS * _PER_CHANNEL.size, Zodiac._channel_summary),
    1003: (18 + _CHANNELS * _VISIBLE.size, Zodiac._visible),
    1011: (46, Zodiac._software),
    1108: (28, Zodiac._time_mark),
}
