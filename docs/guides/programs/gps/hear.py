"""The same sentences, in datagrams."""

from reactor import task
from reactor.defer import Deferred
from reactor.positioning.base import BasePositioningReceiver
from reactor.positioning.nmea import NMEAAdapter, NMEAProtocol
from reactor.positioning.udp import NMEADatagrams


class Boat(BasePositioningReceiver):
    def __init__(self):
        self.has_speed = Deferred()

    def speedReceived(self, speed):
        if not self.has_speed.called:
            self.has_speed.callback(f"{speed.inKnots:.1f} knots")


async def hear(reactor):
    boat = Boat()
    reactor.listenUDP(7886, NMEADatagrams(NMEAProtocol(NMEAAdapter(boat))))
    print(await boat.has_speed)


task.react(hear)
