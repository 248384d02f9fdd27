"""gpsd's reports, and what belongs to one moment."""

import json
from datetime import datetime

import pytest

from reactor.positioning import base
from reactor.positioning.base import Angles
from reactor.positioning.fixes import FixReceiver
from reactor.positioning.gpsd import GPSDClient
from reactor.testing import Clock, StringTransport
from tests.support.positioning_doubles import Noting

TPV = {
    "class": "TPV",
    "mode": 3,
    "time": "1994-03-23T12:35:19.250Z",
    "lat": 48.1173,
    "lon": -11.5,
    "altMSL": 545.4,
    "speed": 11.5,
    "climb": -0.2,
    "track": 84.4,
}
WHEN = datetime(1994, 3, 23, 12, 35, 19, 250_000)


def told(*reports, device=None):
    client = GPSDClient(Noting(), device)
    client.makeConnection(StringTransport())
    for report in reports:
        client.dataReceived(report if isinstance(report, bytes) else json.dumps(report).encode() + b"\r\n")
    assert not client.transport.disconnecting
    return client._receiver.news


@pytest.mark.parametrize("device, more", [(None, {}), ("/dev/ttyS0", {"device": "/dev/ttyS0"})])
def test_a_client_asks_to_be_told(device, more):
    client = GPSDClient(Noting(), device)
    client.makeConnection(StringTransport())
    command, _, wanted = client.transport.value().partition(b"=")
    assert command == b"?WATCH" and wanted.endswith(b";\n")
    assert json.loads(wanted[:-2]) == {"enable": True, "json": True, **more}


def test_a_fix_is_told():
    assert told(TPV) == [
        ("time", WHEN),
        ("position", (48.1173, -11.5)),
        ("altitude", 545.4),
        ("speed", 11.5),
        ("climb", -0.2),
        ("heading", 84.4),
    ]


def test_without_a_fix_there_is_time_only():
    assert told({**TPV, "mode": 1}) == [("time", WHEN)] and told({"class": "TPV"}) == []


def test_satellites_are_told():
    satellites = [{"PRN": 5, "az": 83, "el": 40, "ss": 46, "used": True, "gnssid": 0}, {"PRN": 70, "used": False}]
    news = told({"class": "SKY", "hdop": 1.3, "satellites": satellites}, {"class": "SKY"})
    assert news == [("positionError", (None, 1.3, None)), ("beaconInformation", ([5, 70], [5]))]


@pytest.mark.parametrize(
    "bad",
    [
        *(b"soup\n", b"[]\n", b"\xff\n", b"[" * 60_000 + b"\n", b'{"class":"TPV"\n'),
        *({**TPV, "lat": 91}, {**TPV, "lat": "x"}, {**TPV, "time": "soup"}, {**TPV, "time": 7}, {**TPV, "speed": -1}),
        *({**TPV, "track": 400}, {"class": "SKY", "satellites": [7]}, {"class": "SKY", "satellites": 7}, {"class": []}),
        *({**TPV, name: value} for name in ("lat", "altMSL", "speed", "climb") for value in (float("nan"), 10**400)),
        *({**TPV, "speed": float("inf")}, {**TPV, "time": "0001-01-01T00:00:00+14:00"}),
        *({"class": "SKY", "hdop": value} for value in (float("inf"), 10**400, "x")),
        *({"class": "SKY", "satellites": [one]} for one in ({}, {"PRN": float("inf")}, {"PRN": 1, "az": "x"})),
    ],
)
def test_what_is_no_report_is_dropped_whole(bad):
    assert told(bad, TPV) == told(TPV)


class Fixes:
    def __init__(self):
        self.clock, self.fixes = Clock(), []
        self.receiver = FixReceiver(self.fixes.append, self.clock)

    def place(self, latitude=1.0):
        place = base.Coordinate(latitude, Angles.LATITUDE), base.Coordinate(2.0, Angles.LONGITUDE)
        self.receiver.positionReceived(*place)


def at(second):
    return datetime(2026, 1, 1, 12, 0, second)


def test_what_is_told_of_one_moment_is_one_fix():
    it = Fixes()
    it.receiver.timeReceived(at(1))
    it.place()
    it.receiver.timeReceived(at(1))
    it.receiver.speedReceived(base.Speed(3.0))
    it.place()
    assert it.fixes == []
    it.receiver.timeReceived(at(2))
    (fix,) = it.fixes
    assert (fix.time, float(fix.latitude), fix.speed, fix.altitude) == (at(1), 1.0, base.Speed(3.0), None)


def test_a_fix_is_complete_when_nothing_came_for_a_while():
    it = Fixes()
    it.receiver.timeReceived(at(1))
    it.place()
    it.clock.advance(0.2)
    it.receiver.altitudeReceived(base.Altitude(5.0))
    it.clock.advance(0.2)
    assert it.fixes == []
    it.clock.advance(0.1)
    assert it.fixes[0].altitude == base.Altitude(5.0) and not it.clock.getDelayedCalls()


def test_a_moment_that_is_told_again_is_no_news():
    it = Fixes()
    for _ in range(3):
        it.receiver.timeReceived(at(1))
        it.place()
        it.clock.advance(1)
    assert len(it.fixes) == 1


def test_two_receivers_that_are_a_moment_apart_make_two_fixes():
    it = Fixes()
    for second, latitude in ((1, 1.0), (2, 2.0), (3, 3.0)):
        it.receiver.timeReceived(at(second))
        it.place(latitude)
    it.receiver.flush()
    assert [float(fix.latitude) for fix in it.fixes] == [1.0, 2.0, 3.0] and not it.clock.getDelayedCalls()


def test_without_a_position_or_a_time_there_is_no_fix():
    it = Fixes()
    it.place()
    it.receiver.flush()
    it.receiver.timeReceived(at(1))
    it.receiver.headingReceived(base.Heading(3.0))
    it.receiver.climbReceived(base.Climb(3.0))
    it.receiver.positionErrorReceived(base.PositionError())
    it.receiver.beaconInformationReceived(base.BeaconInformation())
    it.receiver.flush()
    assert it.fixes == [] and not it.clock.getDelayedCalls()


# --- the values


def test_angles_have_their_limits_and_their_names():
    for kind, angle in ((Angles.LATITUDE, 90.1), (Angles.LONGITUDE, -181), (Angles.HEADING, -1), (None, float("nan"))):
        with pytest.raises(ValueError, match="not in allowed range"):
            base.Angle(angle, kind)
    assert repr(base.Coordinate(1.234, Angles.LATITUDE)) == "<Latitude (1.23 degrees)>"
    assert repr(base.Angle()) == "<Angle of unknown type (unknown value)>"
    assert base.Angle(-12.5).inDegreesMinutesSeconds == (12, 30, 0) and base.Angle().inDegreesMinutesSeconds is None
    assert base.Angle(1 / 60).inDegreesMinutesSeconds == (0, 1, 0)


def test_hemispheres():
    found = [base.Coordinate(angle, kind).hemisphere.value for kind in list(Angles)[:2] for angle in (-1.0, -0.0, 1.0)]
    assert "".join(found) == "SNNWEE"
    with pytest.raises(ValueError, match="unknown coordinate type"):
        _ = base.Coordinate(1.0).hemisphere


def test_signs():
    angle = base.Angle(3.0)
    angle.setSign(-1)
    assert float(angle) == -3.0
    for sign, one in ((2, angle), (1, base.Angle())):
        with pytest.raises(ValueError, match="bad sign"):
            one.setSign(sign)
    with pytest.raises(ValueError, match="unknown variation"):
        base.Heading(1.0).setSign(1)


def test_headings_are_equal_with_equal_variations():
    assert base.Heading.fromFloats(1.0, 2.0) == base.Heading.fromFloats(1.0, 2.0) != base.Heading(1.0)
    heading = base.Heading.fromFloats(1.0, 2.0)
    heading.setSign(-1)
    assert float(heading.correctedHeading) == 3.0 and base.Heading(1.0).correctedHeading is None


def test_speeds_and_heights_in_other_units():
    assert round(base.Speed(10.0).inKnots, 3) == 19.438 and round(base.Altitude(100.0).inFeet, 2) == 328.08
    with pytest.raises(ValueError, match="negative speed"):
        base.Speed(-1.0)
    assert float(base.Climb(-1.0)) == -1.0
