"""gpsd's protocol: lines of JSON, from the daemon that has the receivers of a machine. See gpsd_json(5).

client = await connectProtocol(HostnameEndpoint(reactor, "127.0.0.1", 2947), GPSDClient(Boat()))
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

from reactor.positioning import base
from reactor.positioning.base import Angles
from reactor.positioning.ipositioning import IPositioningReceiver
from reactor.protocols.basic import LineReceiver

_SYSTEMS = {0: "GP", 2: "GA", 3: "GB", 5: "GQ", 6: "GL"}  # gnssid


class GPSDClient(LineReceiver):
    """Watches what a gpsd has, and tells a positioning receiver.

    device: the path of one receiver; None for all of them. MAX_LENGTH: of a line; gpsd's is 10,240.
    """

    delimiter = b"\n"
    MAX_LENGTH = 64 * 1024

    def __init__(self, receiver: IPositioningReceiver, device: str | None = None) -> None:
        self._receiver, self._device = receiver, device

    def connectionMade(self) -> None:
        """Ask to be told."""
        wanted = {"enable": True, "json": True} | ({"device": self._device} if self._device is not None else {})
        self.sendLine(b"?WATCH=" + json.dumps(wanted).encode("ascii") + b";")

    def lineReceived(self, line: bytes) -> None:
        """Hand on a report; what is no JSON object, or too deep, is dropped."""
        try:
            report = json.loads(line)
        except (ValueError, RecursionError):
            return
        if isinstance(report, dict):
            self.reportReceived(report)

    def reportReceived(self, report: dict[str, Any]) -> None:
        """A report came. Override this for those that aren't TPV or SKY: VERSION, DEVICES, ERROR."""
        try:
            if report.get("class") == "TPV":
                news = _of_fix(report)
            else:
                news = _of_sky(report) if report.get("class") == "SKY" else []
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError):  # a field is none
            return
        for kind, values in news:
            getattr(self._receiver, kind + "Received")(*values)


def _number(value: Any) -> float:
    """Raises ValueError for what JSON hasn't and Python reads: NaN, Infinity, 1e999."""
    found = float(value)
    if not math.isfinite(found):
        raise ValueError(f"{value!r} is no number")
    return found


def _number_or_none(value: Any) -> float | None:
    return None if value is None else _number(value)


def _of_fix(it: dict[str, Any]) -> list[tuple[str, tuple[Any, ...]]]:
    """What a TPV report says. Fields that aren't known are left out by gpsd."""
    news: list[tuple[str, tuple[Any, ...]]] = []
    if "time" in it:
        news.append(("time", (datetime.fromisoformat(it["time"]).astimezone(UTC).replace(tzinfo=None),)))
    if it.get("mode", 0) < 2:
        return news
    if "lat" in it and "lon" in it:
        latitude = base.Coordinate(_number(it["lat"]), Angles.LATITUDE)
        news.append(("position", (latitude, base.Coordinate(_number(it["lon"]), Angles.LONGITUDE))))
    altitude = it.get("altMSL", it.get("alt"))
    for kind, value, make in (
        ("altitude", altitude, base.Altitude),
        ("speed", it.get("speed"), base.Speed),
        ("climb", it.get("climb"), base.Climb),
        ("heading", it.get("track"), base.Heading),
    ):
        if value is not None:
            news.append((kind, (make(_number(value)),)))
    return news


def _of_sky(it: dict[str, Any]) -> list[tuple[str, tuple[Any, ...]]]:
    """What a SKY report says."""
    news: list[tuple[str, tuple[Any, ...]]] = []
    dops = [_number_or_none(it.get(name)) for name in ("pdop", "hdop", "vdop")]
    if any(dop is not None for dop in dops):
        news.append(("positionError", (base.PositionError(*dops),)))
    if "satellites" in it:
        found = base.BeaconInformation()
        for one in it["satellites"]:
            system = _SYSTEMS.get(one.get("gnssid", 0), "")
            azimuth, elevation, ratio = (_number_or_none(one.get(name)) for name in ("az", "el", "ss"))
            satellite = base.Satellite(int(one["PRN"]), azimuth, elevation, ratio, system)
            (found.usedBeacons if one.get("used") else found.seenBeacons).add(satellite)
        found.seenBeacons |= found.usedBeacons
        news.append(("beaconInformation", (found,)))
    return news
