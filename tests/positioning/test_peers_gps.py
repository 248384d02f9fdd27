"""GPS with programs that others wrote: they read what we say, and we read what they say."""

import json
import os
import sys
import tty
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("these tests compare with Twisted themselves", allow_module_level=True)

from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.positioning.gpsd import GPSDClient
from reactor.positioning.nmea import NMEAAdapter, NMEAProtocol, line
from reactor.positioning.plugin import Sentences, driven
from reactor.positioning.zodiac import Zodiac
from tests.peers.programs import run_program
from tests.positioning.test_zodiac import HERE
from tests.support.loopback import run_until, stop_listening
from tests.support.outcomes import outcomes
from tests.support.positioning_doubles import Noting, said

WATCH = Path(__file__).parents[2] / "docs" / "guides" / "programs" / "gps" / "watch.py"
NOON = datetime(2026, 11, 30, 12, 0)


def log(count):
    return b"".join(driven(NOON + timedelta(seconds=number), 52.5, 13.4, 200) for number in range(count))


def fixes_in(output):
    reports = (json.loads(one) for one in output.splitlines() if one.startswith(b"{"))
    return [one for one in reports if one["class"] == "TPV" and "lat" in one]


@pytest.mark.peer("GPS", client="gpsdecode")
def test_gpsdecode_reads_our_sentences(one_reactor):
    done = run_program(one_reactor, "gpsdecode", "-j", input=log(10))
    fixes = fixes_in(done.stdout)
    assert len(fixes) >= 8, done.stderr
    theirs = {one["time"]: (one["lat"], one["lon"]) for one in fixes}
    talk = NMEAProtocol(NMEAAdapter(noting := Noting()))
    for one in log(10).splitlines():
        talk.lineReceived(one)
    ours = {
        f"{time:%Y-%m-%dT%H:%M:%S}.000Z": place
        for time, place in zip(noting.of("time"), noting.of("position"), strict=True)
    }
    for time, place in theirs.items():
        assert ours[time] == pytest.approx(place, abs=1e-6)


@pytest.mark.peer("GPS", client="gpsdecode")
def test_gpsdecode_reads_our_zodiac(one_reactor):
    packed = b"".join(HERE._replace(second=second).packed() for second in range(3))
    one, *_ = fixes_in(run_program(one_reactor, "gpsdecode", "-j", input=packed).stdout)
    assert one["time"] == "1994-03-23T12:35:00.250Z" and (one["lat"], one["lon"]) == pytest.approx(
        (48.1173, -11.5), abs=1e-6
    )
    assert (one["altMSL"], one["speed"], one["climb"]) == (545.4, 11.52, -0.25)


class Fed:
    """gpsd, and a client of ours that it feeds."""

    def __init__(self, reactor, port):
        self.receiver = Noting()
        client = GPSDClient(self.receiver)
        got = outcomes(connectProtocol(HostnameEndpoint(reactor, "127.0.0.1", port), client))
        run_until(reactor, lambda: got)
        run_until(reactor, lambda: len(self.receiver.of("position")) > 3, 30)
        client.transport.loseConnection()
        run_until(reactor, lambda: client.transport not in reactor.transports)


@pytest.mark.peer("GPS", client="gpsd", server="gpsd")
def test_gpsd_reads_our_simulated_receiver_and_we_read_gpsd(one_reactor, daemon):
    sentences = Sentences()
    port = one_reactor.listenTCP(0, sentences, interface="127.0.0.1")
    seconds = iter(range(100_000))

    def tell():
        sentences.tell(driven(NOON + timedelta(seconds=next(seconds)), 52.5, 13.4, 200))
        call[0] = one_reactor.callLater(0.05, tell)

    call = [one_reactor.callLater(0, tell)]
    gpsd = daemon("gpsd", "-N", "-n", "-S", "@PORT@", f"tcp://127.0.0.1:{port.getHost().port}")
    fed = Fed(one_reactor, gpsd.port)
    call[0].cancel()
    gpsd.stop()
    run_until(one_reactor, lambda: not sentences.listeners)
    stop_listening(one_reactor, port)
    assert all(
        abs(latitude - 52.5) < 0.002 and abs(longitude - 13.4) < 0.004
        for latitude, longitude in fed.receiver.of("position")
    )
    assert fed.receiver.of("speed")[0] == pytest.approx(20.94, abs=0.05)
    assert fed.receiver.of("time")[0] >= NOON


@pytest.mark.peer("GPS", server="gpsfake")
def test_the_guides_program_hears_gpsd(one_reactor, daemon, tmp_path):
    (tmp_path / "circle.nmea").write_bytes(log(60))
    fake = daemon("gpsfake", "-1", "-q", "-P", "@PORT@", "-c", "0.05", tmp_path / "circle.nmea")
    said = run_program(one_reactor, sys.executable, WATCH, fake.port)
    assert said.stdout == b"52.5 13.4\n", said.stderr


@pytest.mark.peer("GPS", server="gpsfake")
def test_gpsfake_feeds_gpsd_by_a_pseudo_terminal(one_reactor, daemon, tmp_path):
    (tmp_path / "circle.nmea").write_bytes(log(60))
    fake = daemon("gpsfake", "-1", "-q", "-P", "@PORT@", "-c", "0.05", tmp_path / "circle.nmea")
    fed = Fed(one_reactor, fake.port)
    assert fed.receiver.of("altitude")[0] == 34.0


@pytest.mark.peer("GPS", server="gpspipe")
def test_the_sentences_of_gpspipe_are_read(one_reactor, daemon, tmp_path):
    (tmp_path / "circle.nmea").write_bytes(log(60))
    fake = daemon("gpsfake", "-1", "-q", "-P", "@PORT@", "-c", "0.05", tmp_path / "circle.nmea")
    piped = run_program(one_reactor, "gpspipe", "-r", "-n", "30", f"127.0.0.1:{fake.port}").stdout
    protocol = NMEAProtocol(NMEAAdapter(noting := Noting()))
    for one in piped.splitlines():
        protocol.lineReceived(one)
    assert noting.of("position") and noting.of("altitude")[0] == 34.0


@pytest.mark.parametrize("kind", ["nmea", "zodiac"])
def test_a_serial_line_has_a_receiver_at_its_end(one_reactor, kind):
    from reactor.serialport import SerialPort

    device, end = os.openpty()
    tty.setraw(device)
    noting, lost = Noting(), []
    protocol = Zodiac(noting) if kind == "zodiac" else NMEAProtocol(NMEAAdapter(noting))
    protocol.connectionLost = lost.append
    port = SerialPort(protocol, os.ttyname(end), one_reactor, baudrate=4800)
    os.close(end)
    os.write(device, b"\xffhalf a line\r\n" + (HERE.packed() if kind == "zodiac" else log(1)))
    run_until(one_reactor, lambda: noting.of("altitude"))
    port.loseConnection()
    run_until(one_reactor, lambda: lost)
    os.close(device)
    assert len(noting.of("position")) == (1 if kind == "zodiac" else 2)


# --- Twisted reads the same

SENTENCES = [
    said("GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W"),
    said("GPGGA,123519,4807.038,S,01131.000,W,1,08,0.9,545.4,M,46.9,M,,"),
    said("GPGSA,A,3,01,03,,,,,,,,,,,2.5,1.3,2.1"),
    line(
        *[
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
            "05",
            "010",
            "30",
        ]
    ),
    said("GPGSV,2,2,05,05,10,020,12"),
    said("GPGLL,4807.038,N,01131.000,E,123520,A"),
    line("GPHDT", "274.07", "T"),
]


@pytest.mark.peer("GPS", client="Twisted")
def test_twisted_tells_the_same_of_the_same_sentences():
    from twisted.positioning import ipositioning, nmea
    from zope.interface import directlyProvides

    class Keyed(Noting):
        def __getattr__(self, name):
            note = super().__getattr__(name)
            return lambda *values, **named: note(*values, *named.values())

    theirs = Keyed()
    directlyProvides(theirs, ipositioning.IPositioningReceiver)
    twisted, protocol = nmea.NMEAProtocol(nmea.NMEAAdapter(theirs)), NMEAProtocol(NMEAAdapter(ours := Noting()))
    for one in SENTENCES:
        twisted.lineReceived(one)
        protocol.lineReceived(one)
    for kind in ("position", "time", "altitude", "speed", "heading", "beaconInformation"):
        assert ours.of(kind) == theirs.of(kind), kind
    assert ours.of("positionError")[-1] == theirs.of("positionError")[-1]
