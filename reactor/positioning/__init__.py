"""Positions: receivers of GPS and its sisters, by NMEA 0183, by Rockwell's Zodiac protocol, or from gpsd.

    class Boat(BasePositioningReceiver):
        def positionReceived(self, latitude, longitude):
            print(float(latitude), float(longitude))

    SerialPort(NMEAProtocol(NMEAAdapter(Boat())), "/dev/ttyUSB0", reactor, baudrate=4800)

The names are those of `twisted.positioning`; `zodiac`, `gpsd`, `fixes` and `udp` are ours. All of them call the same
IPositioningReceiver, and speak over anything that has bytes: a serial line, TCP; NMEA in datagrams, too.
"""
