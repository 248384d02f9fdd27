"""Say how far from home we are, and when we are back."""

from math import cos, hypot, radians

from reactor import task
from reactor.defer import Deferred
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.positioning.base import BasePositioningReceiver
from reactor.positioning.nmea import NMEAAdapter, NMEAProtocol

A_DEGREE = 60 * 1852  # metres


class Trip(BasePositioningReceiver):
    def __init__(self):
        self.home, self.was_away, self.is_home = None, False, Deferred()

    def positionReceived(self, latitude, longitude):
        here = float(latitude), float(longitude)
        self.home = self.home or here
        north, east = here[0] - self.home[0], here[1] - self.home[1]
        away = A_DEGREE * hypot(north, east * cos(radians(here[0])))
        print(f"{here[0]:.4f} {here[1]:.4f}: {away:.0f} m from home")
        self.was_away = self.was_away or away > 50
        if self.was_away and away < 10:
            self.is_home.callback("home again")


async def drive(reactor):
    trip = Trip()
    receiver = TCP4ClientEndpoint(reactor, "127.0.0.1", 7869)
    protocol = await connectProtocol(receiver, NMEAProtocol(NMEAAdapter(trip)))
    print(await trip.is_home)
    protocol.transport.loseConnection()


task.react(drive)
