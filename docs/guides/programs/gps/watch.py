"""What gpsd has: `python watch.py [PORT]`."""

import sys

from reactor import task
from reactor.application.internet import ClientService
from reactor.defer import Deferred
from reactor.endpoints import TCP4ClientEndpoint
from reactor.positioning.base import BasePositioningReceiver
from reactor.positioning.gpsd import GPSDClient
from reactor.protocol import Factory


class Boat(BasePositioningReceiver):
    def __init__(self):
        self.has_position = Deferred()

    def positionReceived(self, latitude, longitude):
        if not self.has_position.called:
            self.has_position.callback(f"{float(latitude):.1f} {float(longitude):.1f}")


async def watch(reactor, port=2947):
    boat = Boat()
    gpsd = TCP4ClientEndpoint(reactor, "127.0.0.1", int(port))
    factory = Factory.forProtocol(lambda: GPSDClient(boat))
    service = ClientService(gpsd, factory, lambda failures: 0.2)  # seconds until it tries again
    service.startService()
    print(await boat.has_position)
    await service.stopService()


task.react(watch, sys.argv[1:])
