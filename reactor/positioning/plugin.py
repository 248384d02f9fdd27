"""Serve what a receiver says to many programs, by TCP and UDP; or, without one, what it would say on a round trip."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reactor.abstract import isIPAddress, isIPv6Address
from reactor.application import strports
from reactor.application.internet.client import ClientService
from reactor.application.internet.periodic import TimerService
from reactor.application.internet.ports import UDPServer
from reactor.application.options import option, place
from reactor.application.service import MultiService, Service
from reactor.default import the_reactor
from reactor.defer import Deferred, execute
from reactor.endpoints import clientFromString
from reactor.positioning import base
from reactor.positioning.nmea import NMEAProtocol, UnknownSentence, coordinate, line
from reactor.positioning.udp import NMEADatagrams
from reactor.protocol import Factory, Protocol, connectionDone
from reactor.protocols.policies import LimitedFactory

_METRES_A_DEGREE = 1852 * 60


def _circle(text: str) -> tuple[float, float, float]:
    latitude, longitude, radius = (float(part) for part in text.split(","))
    if not (abs(latitude) <= 89 and abs(longitude) <= 180 and 0 < radius <= 100_000):
        raise ValueError("LATITUDE,LONGITUDE,METRES, with a radius up to 100 km, and not around a pole")
    return latitude, longitude, radius


def _datagrams(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    is_place = host == "<broadcast>" or isIPAddress(host) or isIPv6Address(host)
    if not is_place or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("ADDRESS:PORT, such as 192.0.2.255:10110 or <broadcast>:10110")
    return host, int(port)


@dataclass
class Options:
    """The options of `reactord gps`."""

    port: str = option("tcp:10110:interface=127.0.0.1", "where to listen: an endpoint, or a port for all", place)
    source: str | None = option(
        None, "the receiver: /dev/ttyUSB0, an endpoint such as tcp:boat:10110, or udp:10110 for datagrams that come"
    )
    udp: tuple[str, int] | None = option(None, "where to send datagrams, too: ADDRESS:PORT", _datagrams)
    baud: int = option(4800, "how fast a serial line is")
    circle: tuple[float, float, float] = option(
        "52.5163,13.3777,200", "without a source: the middle of a circle, and its radius in metres", _circle
    )


class Listener(Protocol):
    """Somebody who is told each sentence. What comes while they don't read, they miss: nobody wants an old position."""

    factory: Sentences
    is_paused = False

    def connectionMade(self) -> None:
        """Be told from now on."""
        self.transport.registerProducer(self, True)
        self.factory.listeners.add(self)

    def pauseProducing(self) -> None:
        """They don't read. Called by the transport, as the next two."""
        self.is_paused = True

    def resumeProducing(self) -> None:
        """They have read."""
        self.is_paused = False

    def stopProducing(self) -> None:
        """Nothing to do: the connection is lost."""

    def connectionLost(self, reason: Any = connectionDone) -> None:
        """Be told no more."""
        self.factory.listeners.discard(self)


class Sentences(LimitedFactory[Listener]):
    """Tells all who connect. listeners: those."""

    protocol = Listener

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()

    def tell(self, sentences: bytes) -> None:
        """Send this to all who read."""
        for listener in [*self.listeners]:
            if not listener.is_paused:
                listener.transport.write(sentences)


class Relay(NMEAProtocol):
    """Passes on each sentence that has arrived whole, also of kinds that nobody here knows."""

    def __init__(self, tell: Callable[[bytes], object]) -> None:
        self._tell = tell

    def lineReceived(self, line: bytes) -> None:
        """Pass on a sentence, without what stands before it."""
        try:
            self.sentence(line)
        except UnknownSentence:
            pass
        except (base.InvalidSentence, base.InvalidChecksum):
            return
        self._tell(line[max(line.rfind(b"$"), line.rfind(b"!")) :].strip() + b"\r\n")


class SerialEndpoint:
    """A serial line as a place to connect to, so that a ClientService opens it again when it was unplugged."""

    def __init__(self, reactor: Any, path: str, baud: int) -> None:
        self._reactor, self._path, self._baud = reactor, path, baud

    def connect(self, factory: Any) -> Deferred[Any]:
        """Open it. The Deferred fires with the protocol, or fails with SerialException."""
        return execute(self._open, factory)

    def _open(self, factory: Any) -> Any:
        from reactor.serialport import SerialPort  # imported late: a simulated receiver needs no pyserial

        protocol = factory.buildProtocol(None)
        SerialPort(protocol, self._path, self._reactor, baudrate=self._baud)
        return protocol


def driven(now: datetime, latitude: float, longitude: float, radius: float) -> bytes:
    """What a receiver says that is driven around a circle, once in a minute, from its north clockwise."""
    angle = math.tau * (now.second + now.microsecond / 1e6) / 60
    north = latitude + radius * math.cos(angle) / _METRES_A_DEGREE
    east = longitude + radius * math.sin(angle) / _METRES_A_DEGREE / math.cos(math.radians(latitude))
    here = *coordinate(north, "NS"), *coordinate((east + 180) % 360 - 180, "EW")
    course, knots = (math.degrees(angle) + 90) % 360, math.tau * radius / 60 / base.MPS_PER_KNOT
    time, date = f"{now:%H%M%S}.{now.microsecond // 10_000:02}", f"{now:%d%m%y}"
    return line("GPRMC", time, "A", *here, f"{knots:.1f}", f"{course:.1f}", date, "", "", "S") + line(
        "GPGGA", time, *here, "8", "08", "1.0", "34.0", "M", "40.0", "M", "", ""
    )


def makeService(options: Options) -> Service:
    """A service that listens, with the receiver that it needs."""
    sentences, services = Sentences(), MultiService()
    strports.service(options.port, sentences).setServiceParent(services)
    talkers: list[Sentences | NMEADatagrams] = [sentences]
    if options.udp is not None:
        talkers.append(datagrams := NMEADatagrams(to=options.udp))
        interface = "::" if ":" in options.udp[0] else ""
        UDPServer(0, datagrams, interface=interface).setServiceParent(services)

    def tell(said: bytes) -> None:
        for talker in talkers:
            talker.tell(said)

    if options.source is None:
        receiver: Service = TimerService(1.0, lambda: tell(driven(datetime.now(UTC), *options.circle)))
    else:
        receiver = _receiver(options.source, options.baud, tell)
    receiver.setServiceParent(services)
    return services


def _receiver(source: str, baud: int, tell: Callable[[bytes], None]) -> Service:
    """What hears the source, and passes it on. Raises ValueError for a source that is none."""
    kind, _, port = source.partition(":")
    if kind == "udp":
        if not port.isdecimal() or int(port) > 65535:
            raise ValueError(f"{source!r} is no source: udp:PORT")
        return UDPServer(int(port), NMEADatagrams(Relay(tell)))
    reactor = the_reactor()
    endpoint: Any = (
        SerialEndpoint(reactor, source, baud) if source.startswith("/") else clientFromString(reactor, source)
    )
    relays: Factory[Any] = Factory()
    relays.buildProtocol = lambda addr: Relay(tell)  # type: ignore[method-assign]  # it has no factory
    return ClientService(endpoint, relays)
