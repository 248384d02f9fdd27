"""NMEA 0183: what a receiver says, whole, cut, and mixed with noise; and what is said back."""

import random
from datetime import date, datetime
from time import process_time

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted closes the connection on each bad line", allow_module_level=True)

from reactor.positioning import base
from reactor.positioning.nmea import NMEAAdapter, NMEAProtocol, NMEASentence, UnknownSentence, coordinate, line
from reactor.testing import StringTransport
from tests.support.positioning_doubles import Noting

GGA = b"$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n"
RMC = b"$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n"
PLACE = (48.1173, 11.516667)


class Talk:
    """A protocol with an adapter, and what they tell."""

    def __init__(self, **options):
        self.receiver, self.dropped = Noting(), []
        self.adapter = NMEAAdapter(self.receiver)
        self.protocol = NMEAProtocol(self.adapter)
        self.protocol.lineDropped = lambda line, problem: self.dropped.append(type(problem))
        self.transport = StringTransport()
        for name, value in options.items():
            setattr(self.adapter if hasattr(self.adapter, name) else self.protocol, name, value)
        self.protocol.makeConnection(self.transport)

    def hears(self, *lines):
        for one in lines:
            self.protocol.dataReceived(one)
        assert not self.transport.disconnecting
        return self.receiver.news


def told(*lines, **options):
    return Talk(**options).hears(*lines)


# --- sentences


def test_a_sentence_has_its_fields_by_name_and_none_for_those_that_are_empty():
    sentence = NMEAProtocol(None).sentence(GGA)
    assert (sentence.type, sentence.timestamp, sentence.latitudeFloat) == ("GPGGA", "123519", "4807.038")
    assert sentence.speedInKnots is None and "fixQuality" in list(sentence.presentAttributes)
    assert repr(NMEASentence({"type": "GPHDT", "trueHeading": "1"})) == "<NMEASentence (GPHDT) {trueHeading: 1}>"
    with pytest.raises(AttributeError, match="no soup attributes"):
        _ = sentence.soup


def test_the_callback_gets_each_sentence_before_the_receiver():
    order = []
    protocol = NMEAProtocol(None, lambda sentence: order.append(sentence.type))
    protocol._receiver = type("", (), {"sentenceReceived": lambda self, sentence: order.append("received")})()
    protocol.makeConnection(StringTransport())
    protocol.dataReceived(GGA)
    assert order == ["GPGGA", "received"]


@pytest.mark.parametrize(
    "bad, problem",
    [
        (b"PGGA,123519,4807.038,N*47", base.InvalidSentence),
        (GGA[20:], base.InvalidSentence),
        (GGA.replace(b"1131", b"1132"), base.InvalidChecksum),
        (GGA[:-4] + b"\n", base.InvalidSentence),
        (GGA[:-5] + b"\n", base.InvalidSentence),
        (b"$GPSOU,1*46\n", base.InvalidChecksum),
        (line("GPSOU", "1"), UnknownSentence),
        (b"\xff\xfe\x00\n", base.InvalidSentence),
        (b"\n", base.InvalidSentence),
    ],
)
def test_what_is_no_sentence_is_dropped_and_the_next_one_is_heard(bad, problem):
    talk = Talk()
    assert talk.hears(bad.rstrip(b"\n") + b"\n", GGA)[0] == ("position", PLACE) and talk.dropped == [problem]


def test_a_sentence_without_a_checksum_counts_if_one_says_so():
    for end in (b"*\r\n", b"\r\n"):
        assert told(GGA[:-5] + end) == []
        assert told(GGA[:-5] + end, checksumRequired=False)[0] == ("position", PLACE)


@pytest.mark.parametrize("noise", [b"\x00\x80\xff", b"$GPGGA,1235", b"$$$", b"!AIVDM,1,1,,A", b"\xb5b\x01\x07*00"])
def test_noise_in_front_of_a_sentence_on_its_line_does_no_harm(noise):
    assert told(noise + GGA)[0] == ("position", PLACE)


def test_a_line_of_blanks_that_ends_in_none_is_read_once():
    begin = process_time()
    assert told(*[b"$GPABC," + b" " * 1000 + b"\x01\r\n"] * 2000) == []
    assert process_time() - begin < 1  # it took 5 s


def test_noise_for_ever_does_not_grow_the_buffer_nor_end_the_connection():
    talk, dice = Talk(), random.Random(1)
    for _ in range(300):
        talk.hears(dice.randbytes(4000).replace(b"\n", b"x"))
    assert set(talk.dropped) == {base.InvalidSentence}
    assert talk.hears(b"\n", GGA)[0] == ("position", PLACE)


@pytest.mark.parametrize("size", [1, 2, 7, 30])
def test_cuts_do_not_matter(size):
    data = b"noise\r\n" + RMC + GGA
    assert told(*(data[place : place + size] for place in range(0, len(data), size))) == told(data)


# --- what they say


def test_a_fix_is_told_in_metres_and_degrees():
    assert told(RMC, GGA) == [
        ("time", datetime(1994, 3, 23, 12, 35, 19)),
        ("position", PLACE),
        ("speed", round(22.4 * 1852 / 3600, 6)),
        ("heading", 84.4),
        ("time", datetime(1994, 3, 23, 12, 35, 19)),
        ("position", PLACE),
        ("altitude", 545.4),
        ("positionError", (None, 0.9, None)),
    ]


@pytest.mark.parametrize("talker", ["GP", "GL", "GA", "GB", "GN", "II"])
def test_all_talkers_are_heard(talker):
    assert told(line(talker + "GLL", "4807.038", "N", "01131.000", "E", "123519", "A")) == [("position", PLACE)]


def test_other_sentences_say_headings_speeds_and_dates():
    assert told(line("GPVTG", "54.7", "T", "34.4", "M", "005.5", "N", "010.2", "K")) == [
        ("speed", round(5.5 * 1852 / 3600, 6)),
        ("heading", 54.7),
    ]
    assert told(line("HEHDT", "123.4", "T")) == [("heading", 123.4)]
    assert told(line("GPZDA", "201530.25", "04", "07", "2002", "00", "00")) == [
        ("time", datetime(2002, 7, 4, 20, 15, 30, 250_000))
    ]
    assert told(line("GPGST", "024603.00", "3.2", "6.6", "4.7", "47.3", "5.8", "5.6", "22.0")) == []


def test_the_variation_of_a_compass_has_a_sign():
    talk = Talk()
    talk.adapter._receiver = heard = base.BasePositioningReceiver()
    headings = []
    heard.headingReceived = headings.append
    talk.hears(RMC)
    assert float(headings[0].variation) == -3.1 and float(headings[0].correctedHeading) == 87.5


def test_two_digits_of_a_year_are_one_of_a_hundred_years():
    def year(text, **options):
        return told(line("GPRMC", "000000", "A", "", "", "", "", "", "", "0101" + text, "", ""), **options)[0][1].year

    assert [year("80"), year("99"), year("00"), year("79")] == [1980, 1999, 2000, 2079]
    assert year("79", yearThreshold=1970) == 1979


def test_a_receiver_that_counts_its_weeks_from_too_early_is_set_right():
    old = line("GPZDA", "120000", "15", "04", "2007")  # 1024 weeks before 30 November 2026
    assert told(old, notBefore=date(2026, 1, 1)) == [("time", datetime(2026, 11, 29, 12, 0))]
    assert told(old, notBefore=date(2007, 1, 1)) == [("time", datetime(2007, 4, 15, 12, 0))]


@pytest.mark.parametrize(
    "void",
    [
        line("GPRMC", "123519", "V", "4807.038", "N", "01131.000", "E", "", "", "230394", "", ""),
        line("GPGGA", "123519", "4807.038", "N", "01131.000", "E", "0", "00", "", "", "M", "", "M", "", ""),
        line("GPGLL", "4807.038", "N", "01131.000", "E", "123519", "V"),
        line("GPGSA", "A", "1", *[""] * 12, "1", "1", "1"),
    ],
)
def test_what_is_said_to_be_void_is_not_told_and_what_was_known_is_forgotten(void):
    talk = Talk()
    talk.hears(RMC)
    del talk.receiver.news[:]
    assert talk.hears(void) == []
    assert "time" not in dict(talk.hears(GGA))


@pytest.mark.parametrize(
    "field, value",
    [
        (1, "993519"),
        (2, "9107.038"),
        (2, "4861.000"),
        (2, "nan"),
        (3, "X"),
        (3, ""),
        (4, "18100.0"),
        (9, "1e9"),
        (9, "x"),
    ],
)
def test_a_sentence_with_a_field_that_is_none_is_dropped_whole(field, value):
    fields = GGA[1:-5].decode().split(",")
    fields[field] = value
    known = line("GPZDA", "201530", "04", "07", "2002")
    assert told(known, line(*fields)) == told(known)


@pytest.mark.parametrize("year", ["99999999999", "9" * 400])
def test_a_date_that_no_calendar_has_is_dropped(year):
    """It raised OverflowError, which is no ValueError, and so ended the connection."""
    assert told(line("GPZDA", "201530", "04", "07", year)) == []


def test_the_equator_and_the_poles_are_places():
    def place(latitude, side):
        return told(line("GPGLL", latitude, side, "00000.00", "W", "", "A"))[0][1]

    assert str(place("0000.000", "S")) == "(0.0, 0.0)"
    assert place("9000.000", "S") == (-90.0, 0.0) and place("4807", "N")[0] == round(48 + 7 / 60, 6)


# --- satellites

GSA = line("GPGSA", "A", "3", "01", "03", *[""] * 10, "2.5", "1.3", "2.1")
GSV = (
    line(
        "GPGSV",
        "2",
        "1",
        "05",
        "01",
        "40",
        "083",
        "46",
        "02",
        "17",
        "308",
        "41",
        "03",
        "07",
        "344",
        "39",
        "04",
        "",
        "",
        "",
    ),
    line("GPGSV", "2", "2", "05", "05", "10", "020", "12"),
)


def test_satellites_in_view_are_told_when_all_sentences_came():
    talk = Talk()
    talk.hears(GSA, GSV[0])
    assert talk.receiver.of("beaconInformation") == []
    talk.hears(GSV[1])
    assert talk.receiver.of("beaconInformation") == [([1, 2, 3, 5], [1, 3])]
    assert talk.receiver.of("positionError") == [(2.5, 1.3, 2.1)]


def test_a_row_of_sentences_without_its_first_is_not_told():
    assert told(GSV[1]) == [] and told(GSV[0], GSV[0], GSV[1])[0][1] == ([1, 2, 3, 5], [])


def test_satellites_of_two_systems_stand_beside_each_other():
    glonass = line("GLGSV", "1", "1", "02", "65", "40", "083", "46", "66", "17", "308", "41")
    galileo = line("GAGSV", "1", "1", "01", "01", "40", "083", "46")
    used = (
        line("GNGSA", "A", "3", "65", *[""] * 11, "2", "1", "2"),
        line("GNGSA", "A", "3", "01", *[""] * 11, "2", "1", "2", "3"),
    )
    talk = Talk()
    talk.hears(*used, *GSV, glonass, galileo)
    assert talk.receiver.of("beaconInformation")[-1] == ([1, 1, 2, 3, 5, 65, 66], [1, 65])


def test_a_row_without_an_end_does_not_grow_for_ever():
    talk = Talk()
    talk.hears(GSV[0])
    for number in range(2, 200):
        talk.hears(line("GPGSV", "999", str(number), "05", *["7", "1", "1", "1"] * 4))
    assert all(len(some) <= 68 for some in talk.adapter._arriving.values())


# --- writing


def test_a_line_has_its_checksum():
    assert line(*GGA[1:-5].decode().split(",")) == GGA


@pytest.mark.parametrize("field", ["a,b", "a*", "$", "\n", "é"])
def test_what_cannot_be_in_a_sentence_is_refused(field):
    with pytest.raises(ValueError, match="can't be the fields"):
        line("GPHDT", field)


def test_coordinates_carry_where_minutes_round_to_sixty():
    assert coordinate(48 + 59.99999 / 60, "NS") == ("4900.0000", "N")
    assert coordinate(-9.5, "EW") == ("00930.0000", "W") and coordinate(-0.0, "NS") == ("0000.0000", "N")


def test_what_is_written_is_read_again_to_two_decimetres():
    dice = random.Random(7)
    for _ in range(300):
        latitude, longitude = dice.uniform(-90, 90), dice.uniform(-180, 180)
        fields = *coordinate(latitude, "NS"), *coordinate(longitude, "EW")
        (news,) = told(line("GPGLL", *fields, "", "A"))
        assert news[1] == pytest.approx((latitude, longitude), abs=1.4e-6)


def one_noise(seed):
    """Sentences with noise in them, whole and in pieces."""
    lines = [
        GGA,
        RMC,
        GSA,
        *GSV,
        line("GPZDA", "201530", "04", "07", "2002"),
        b"\xff\x81",
        b"$",
        b"*",
        b"\n",
        b",",
        b"\r",
    ]
    dice = random.Random(seed)
    data = bytearray(b"".join(dice.choices(lines, k=40)))
    for _ in range(dice.randint(0, 60)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    whole, cut = Talk(checksumRequired=False), Talk(checksumRequired=False)
    whole.hears(bytes(data))
    place = 0
    while place < len(data):
        size = dice.randint(1, 50)
        cut.hears(bytes(data[place : place + size]))
        place += size
    assert whole.receiver.news == cut.receiver.news, seed


def test_nonsense_raises_nothing_and_is_cut_in_any_way():
    for seed in range(40):
        one_noise(seed)
