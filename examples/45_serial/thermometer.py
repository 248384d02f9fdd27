"""A thermometer at the end of a serial line. A pseudo-terminal is the line, so that there is nothing to solder."""

import os
import tty

from reactor import reactor
from reactor.protocols.basic import LineReceiver
from reactor.serialport import SerialPort
from reactor.stdio import StandardIO


class Thermometer(LineReceiver):
    def connectionMade(self):
        self.readings = [b"21.5", b"21.7", b"22.0"]

    def lineReceived(self, line):
        self.sendLine(self.readings.pop(0))


class Display(LineReceiver):
    questions = 3

    def connectionMade(self):
        self.ask()

    def ask(self):
        self.questions -= 1
        self.sendLine(b"how warm is it?")

    def lineReceived(self, line):
        print(line.decode(), "degrees")
        if self.questions:
            self.ask()
        else:
            self.transport.loseConnection()

    def connectionLost(self, reason):
        print("unplugged")
        reactor.stop()


# [line]
device, port = os.openpty()
tty.setraw(device)
StandardIO(Thermometer(), device, os.dup(device))  # one to read, one to write
SerialPort(Display(), os.ttyname(port), reactor, baudrate=9600)
# [/line]
reactor.run()
