"""A receiver of GPS that isn't there: it drives a circle of 200 m, and says where it is."""

from math import cos, pi, sin

from reactor import reactor
from reactor.positioning.nmea import coordinate, line
from reactor.protocol import Factory, Protocol
from reactor.task import LoopingCall


class Receiver(Protocol):
    def connectionMade(self):
        self.angle = 0.0
        self.transport.write(b"7.038,N,01131.000,E*00\r\n")  # one never comes at the beginning
        self.drive = LoopingCall(self.say)
        self.drive.start(0.1)

    def say(self):
        latitude = 52.5 + 0.0018 * cos(self.angle)
        longitude = 13.4 + 0.00296 * sin(self.angle)
        place = *coordinate(latitude, "NS"), *coordinate(longitude, "EW")
        self.transport.write(line("GPGLL", *place, "120000", "A"))
        self.angle += pi / 4

    def connectionLost(self, reason):
        self.drive.stop()


reactor.listenTCP(7869, Factory.forProtocol(Receiver))
print("listening on port 7869")
reactor.run()
