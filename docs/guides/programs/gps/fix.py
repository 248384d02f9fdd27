"""Three fixes of a receiver, each with what was said of its moment."""

from math import cos, hypot, radians

from reactor import task
from reactor.defer import Deferred
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.positioning.fixes import FixReceiver
from reactor.positioning.nmea import NMEAAdapter, NMEAProtocol

GATE = 52.5163, 13.3777
A_DEGREE = 60 * 1852  # metres


def away(fix):
    north, east = float(fix.latitude) - GATE[0], float(fix.longitude) - GATE[1]
    return A_DEGREE * hypot(north, east * cos(radians(GATE[0])))


async def watch(reactor):
    fixes, three = [], Deferred()

    def received(fix):
        speed, height = float(fix.speed), float(fix.altitude)
        print(f"{away(fix):.0f} m from the gate, {speed:.1f} m/s, {height:.0f} m above the sea")
        fixes.append(fix)
        if len(fixes) == 3:
            three.callback(None)

    receiver = FixReceiver(received, reactor)
    place = TCP4ClientEndpoint(reactor, "127.0.0.1", 7884)
    protocol = await connectProtocol(place, NMEAProtocol(NMEAAdapter(receiver)))
    await three
    protocol.transport.loseConnection()


task.react(watch)
