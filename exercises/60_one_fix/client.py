"""Prints where a receiver of GPS is: one line for each moment."""

from reactor import reactor
from reactor.positioning.base import BasePositioningReceiver
from reactor.positioning.nmea import NMEAAdapter, NMEAProtocol
from reactor.protocol import ClientFactory


class Fixes(BasePositioningReceiver):
    def positionReceived(self, latitude, longitude):
        print("??:??:??", f"{float(latitude):.4f} {float(longitude):.4f}")  # TODO: one line for each moment


class Receiver(ClientFactory):
    def buildProtocol(self, addr):
        return NMEAProtocol(NMEAAdapter(Fixes()))


reactor.connectTCP("theirs", 10110, Receiver())
reactor.run()
