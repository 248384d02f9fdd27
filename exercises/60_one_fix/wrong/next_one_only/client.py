"""A moment is over when the next one begins."""

from reactor import reactor
from reactor.positioning.base import BasePositioningReceiver
from reactor.positioning.nmea import NMEAAdapter, NMEAProtocol
from reactor.protocol import ClientFactory

QUIET = 0.5


class Fixes(BasePositioningReceiver):
    time = last = timer = None

    def timeReceived(self, time):
        if time != self.time:
            self.finish()
        if self.time is None and time != self.last:
            self.time, self.place, self.height = time, None, None
        self.wait()

    def positionReceived(self, latitude, longitude):
        if self.time is not None:
            self.place = f"{float(latitude):.4f} {float(longitude):.4f}"
            self.wait()

    def altitudeReceived(self, altitude):
        if self.time is not None:
            self.height = f"{float(altitude):.0f}"
            self.wait()

    def wait(self):
        pass

    def finish(self):
        if self.time is None:
            return
        if self.place is not None:
            print(f"{self.time:%H:%M:%S}", self.place, *([self.height] if self.height is not None else []))
        self.time, self.last = None, self.time


class Receiver(ClientFactory):
    def buildProtocol(self, addr):
        return NMEAProtocol(NMEAAdapter(Fixes()))


reactor.connectTCP("theirs", 10110, Receiver())
reactor.run()
