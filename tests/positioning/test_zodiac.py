"""Rockwell's Zodiac: messages in and out, whatever stands between them."""

import math
import random
import struct
from datetime import datetime

import pytest

from reactor.positioning.zodiac import Position, Zodiac, message
from reactor.testing import StringTransport
from tests.support.positioning_doubles import Noting

HERE = Position(
    day=23,
    month=3,
    year=1994,
    hour=12,
    minute=35,
    second=19,
    fraction=250_000_000,
    latitude=round(math.radians(48.1173) * 1e8),
    longitude=round(math.radians(-11.5) * 1e8),
    height=59_230,
    separation=4690,
    speed=1152,
    course=1500,
    variation=-540,
    climb=-25,
)
NEWS = [
    ("time", datetime(1994, 3, 23, 12, 35, 19, 250_000)),
    ("position", (48.1173, -11.5)),
    ("altitude", 545.4),
    ("climb", -0.25),
    ("speed", 11.52),
    ("heading", round(math.degrees(1.5), 6)),
]


class Talk:
    def __init__(self):
        self.receiver, self.transport = Noting(), StringTransport()
        self.zodiac = Zodiac(self.receiver)
        self.zodiac.makeConnection(self.transport)

    def hears(self, *pieces):
        for piece in pieces:
            self.zodiac.dataReceived(piece)
        return [(kind, value if kind == "time" else plain(value)) for kind, value in self.receiver.news]


def plain(value):
    return tuple(round(one, 6) for one in value) if kind_of_pair(value) else value


def kind_of_pair(value):
    return isinstance(value, tuple) and all(isinstance(one, float) for one in value)


def summed(*pieces):
    return Talk().hears(*pieces)


def test_a_message_adds_up_to_nothing_and_ends_with_its_own_sum():
    assert message(1000)[:4] == b"\xff\x81\xe8\x03" and len(message(1000)) == 10
    assert sum(struct.unpack("<5H", message(1000))) % 65536 == 0
    whole = message(7, b"\x01\x02\x03\x04")
    assert len(whole) == 16 and sum(struct.unpack("<3H", whole[10:])) % 65536 == 0


@pytest.mark.parametrize("data", [b"x", b"xx" * 257])
def test_data_that_are_no_words_or_too_many_are_refused(data):
    with pytest.raises(ValueError, match="at most 256 words"):
        message(1, data)


def test_a_position_is_told_in_metres_and_degrees():
    assert [(kind, approx(value)) for kind, value in summed(HERE.packed())] == NEWS


def approx(value):
    return tuple(round(one, 4) for one in value) if kind_of_pair(value) else value


def test_a_position_that_is_not_valid_is_not_told_and_one_without_height_has_none():
    for reason in (4, 8, 16):
        assert summed(HERE._replace(validity=reason).packed()) == []
    assert [kind for kind, _ in summed(HERE._replace(validity=1).packed())] == ["time", "position", "speed", "heading"]


AT_THE_END_OF_TIME = {
    "year": 9999,
    "month": 12,
    "day": 31,
    "hour": 23,
    "minute": 59,
    "second": 59,
    "fraction": 2**32 - 1,
}


@pytest.mark.parametrize("wrong", [{"month": 13}, {"latitude": 2**31 - 1}, {"day": 0}, AT_THE_END_OF_TIME])
def test_a_position_that_cannot_be_is_dropped_whole(wrong):
    assert summed(HERE._replace(**wrong).packed()) == []


def test_satellites_are_told_with_their_ratio_and_use():
    words = [0, 0, 1, 2, 3, 4, 5, 6, 7, *[1, 5, 46], *[0, 6, 40], *[0] * 30]
    summary = message(1002, struct.pack("<45H", *words))
    angles = [5, round(math.radians(83) * 1e4), round(math.radians(40) * 1e4), 6, round(math.radians(-60) * 1e4), 0]
    seen = message(1003, struct.pack("<9H36h", 0, 0, 1, 300, 250, 130, 210, 100, 2, *angles, *[0] * 30))
    talk = Talk()
    found = []
    talk.receiver.beaconInformationReceived = found.append
    talk.hears(summary, seen)
    assert talk.receiver.of("positionError") == [(2.5, 1.3, 2.1)]
    by_number = {one.identifier: one for one in found[0].seenBeacons}
    assert set(by_number) == {5, 6} and {one.identifier for one in found[0].usedBeacons} == {5}
    assert round(by_number[6].azimuth) == 300 and round(by_number[5].elevation) == 40
    assert by_number[5].signalToNoiseRatio == 46


def test_the_software_and_the_leap_seconds_are_noted():
    talk = Talk()
    talk.hears(message(1011, b"\0" * 26 + b"V1.83 ".ljust(20, b"\0") + b"\0" * 60))
    talk.hears(message(1108, struct.pack("<IH5HIhIH", 0, 1, *[0] * 5, 0, 18, 0, 3)))
    talk.hears(message(1108, struct.pack("<IH5HIhIH", 0, 1, *[0] * 5, 0, 99, 0, 1)))
    assert talk.zodiac.version == "V1.83" and talk.zodiac.leapSeconds == 18


def test_messages_that_are_unknown_or_too_short_are_dropped():
    assert summed(message(4711, b"xx"), message(1000), message(1003, b"xx"), message(1002)) == []


@pytest.mark.parametrize(
    "noise", [b"\xff", b"\xff\x81", b"\xff\x81" * 40, message(1000, b"x" * 98)[:50], b"$GPGGA\r\n"]
)
def test_what_stands_before_a_message_does_no_harm(noise):
    talk = Talk()
    assert len(talk.hears(noise, HERE.packed(), HERE.packed(), HERE.packed())) >= 12


def test_a_damaged_message_is_dropped_and_the_next_one_is_found():
    for place in range(len(HERE.packed())):
        damaged = bytearray(HERE.packed())
        damaged[place] ^= 0x55
        news = summed(bytes(damaged), *[HERE.packed()] * 6)
        assert len(news) >= 6 * 5 and len(news) <= 6 * 6, place


def test_an_earthmate_is_answered_once_for_each_time_it_calls():
    talk = Talk()
    talk.hears(b"EART", b"HA\r\n")
    assert talk.transport.value() == b"EARTHA\r\n"
    talk.hears(b"noise", b"EARTHA\r\n", HERE.packed())
    assert talk.transport.value() == b"EARTHA\r\n" * 2 and talk.receiver.of("altitude") == [545.4]


def test_an_earthmate_that_calls_for_ever_is_not_answered_for_ever():
    talk = Talk()
    talk.zodiac.mostAnswers = 3
    talk.hears(*[b"EARTHA\r\n"] * 100, HERE.packed())
    assert talk.transport.value() == b"EARTHA\r\n" * 3 and talk.receiver.of("altitude") == [545.4]


def test_noise_for_ever_does_not_grow_the_buffer():
    talk, dice = Talk(), random.Random(3)
    for _ in range(500):
        talk.hears(dice.randbytes(1000).replace(b"EARTHA", b"") + b"\xff\x81" * dice.randint(0, 2))
        assert len(talk.zodiac._waiting) < 1000 + 2 * 300
    assert talk.receiver.news == []


def one_cut(seed):
    """Messages and pieces of them, whole and cut."""
    dice = random.Random(seed)
    parts = [HERE.packed(), b"\xff\x81", b"\xff", dice.randbytes(30), HERE.packed()[:60], b"EARTHA\r\n", message(7)]
    data = b"".join(dice.choices(parts, k=60))
    whole, cut = Talk(), Talk()
    whole.hears(data)
    place = 0
    while place < len(data):
        size = dice.choice([1, 2, 9, 100])
        cut.hears(data[place : place + size])
        place += size
    assert whole.receiver.news == cut.receiver.news
    assert whole.transport.value().count(b"\n") <= cut.transport.value().count(b"\n")


@pytest.mark.parametrize("seed", range(8))
def test_cuts_do_not_matter(seed):
    one_cut(seed)


def test_a_receiver_is_told_another_speed():
    talk = Talk()
    talk.zodiac.setSpeed(9600)
    sent = talk.transport.value()
    assert sent[:6] == b"\xff\x81" + struct.pack("<HH", 1330, 14)
    assert struct.unpack_from("<6H", sent, 10) == (1, 1, 1, 0, 0, 6)
    for speed in (0, 1200.5, 9601, 10**9, -1):
        with pytest.raises(ValueError, match="no Zodiac speaks at"):
            talk.zodiac.setSpeed(speed)


def test_a_receiver_is_told_to_speak_NMEA():
    talk = Talk()
    talk.zodiac.speakNMEA()
    assert talk.transport.value() == message(1331, struct.pack("<3H", 1, 0, 1))
    assert len(talk.transport.value()) == 2 * 9


def test_a_receiver_is_told_when_and_where_it_is():
    talk = Talk()
    talk.zodiac.initialize(datetime(2026, 12, 1, 3, 4, 5), -33.86, 151.21)
    sent = talk.transport.value()
    assert sent[:6] == b"\xff\x81" + struct.pack("<HH", 1200, 21) and len(sent) == 2 * 27
    number, what, *moment, latitude, longitude = struct.unpack_from("<HH6x6Hii", sent, 10)
    assert (number, what, moment) == (1, 0b1100, [1, 12, 2026, 3, 4, 5])
    assert (latitude, longitude) == (round(math.radians(-33.86) * 1e8), round(math.radians(151.21) * 1e8))
    for latitude, longitude in ((90.1, 0), (0, 180.1), (math.nan, 0)):
        with pytest.raises(ValueError, match="not in allowed range"):
            talk.zodiac.initialize(datetime(2026, 12, 1), latitude, longitude)


def test_what_it_sends_it_reads():
    talk = Talk()
    seen = []
    talk.zodiac.messageReceived = lambda number, data: seen.append((number, data))
    talk.zodiac.send(1331, 1)
    talk.hears(talk.transport.value())
    assert seen == [(1331, struct.pack("<2H", 1, 1))]
