"""A serial port as a transport.

pyserial opens the port and sets speed, parity and the rest, on every platform. It gives us a descriptor, and from there
on this is a stream like any other: the buffering core moves the bytes.
"""

from __future__ import annotations

from typing import Any

import serial
from serial import EIGHTBITS, PARITY_NONE, STOPBITS_ONE

from reactor.core.loop.core import Loop
from reactor.core.system.channels import Channel
from reactor.core.transports.stream import StreamTransport
from reactor.interfaces import IProtocol


class _Line(Channel):
    """A serial port that pyserial has opened."""

    def __init__(self, port: Any) -> None:
        super().__init__(port.fileno())
        self._port = port

    def close(self) -> None:
        """Close the port; pyserial then forgets the descriptor."""
        self.fd = -1
        self._port.close()


class SerialPort(StreamTransport):
    """Connects a protocol to a serial port.

    protocol: is connected at once. `connectionLost` comes after `loseConnection`, or when the device is unplugged.
    deviceNameOrPortNumber: "/dev/ttyUSB0", "/dev/ttyS0" or whatever the platform calls it.
    reactor: moves the bytes. baudrate: bits a second.
    bytesize, parity, stopbits: constants of `reactor.serialport`; 8N1 unless given.
    timeout: pyserial's; 0, because the reactor does the waiting.
    xonxoff, rtscts: flow control by characters, by lines.
    Raises pyserial's SerialException, an OSError, when the port can't be opened, ValueError for a setting out of range.
    """

    _serialFactory = serial.Serial

    def __init__(
        self,
        protocol: IProtocol,
        deviceNameOrPortNumber: str,
        reactor: Loop,
        baudrate: int = 9600,
        bytesize: int = EIGHTBITS,
        parity: str = PARITY_NONE,
        stopbits: float = STOPBITS_ONE,
        timeout: float | None = 0,
        xonxoff: bool | int = 0,
        rtscts: bool | int = 0,
    ) -> None:
        if not isinstance(deviceNameOrPortNumber, str):
            raise TypeError(f"a serial port is named, as '/dev/ttyUSB0', not {deviceNameOrPortNumber!r}")
        self._serial = self._serialFactory(
            deviceNameOrPortNumber,
            baudrate=baudrate,
            bytesize=bytesize,
            parity=parity,
            stopbits=stopbits,
            timeout=timeout,
            xonxoff=bool(xonxoff),
            rtscts=bool(rtscts),
        )
        self.flushInput()
        self.flushOutput()
        super().__init__(reactor, _Line(self._serial), protocol)
        protocol.makeConnection(self)

    # --- the line

    def setBaudRate(self, baudrate: int) -> None:
        """Change the speed, in bits a second. Raises ValueError for a speed that the port doesn't have."""
        self._serial.baudrate = baudrate

    def inWaiting(self) -> int:
        """How many bytes have arrived and are not read yet."""
        return self._serial.in_waiting

    def flushInput(self) -> None:
        """Throw away what has arrived and is not read yet."""
        self._serial.reset_input_buffer()

    def flushOutput(self) -> None:
        """Throw away what the operating system has not sent yet."""
        self._serial.reset_output_buffer()

    def sendBreak(self) -> None:
        """Hold the line at "space" for a quarter of a second, and the whole program with it."""
        self._serial.send_break()

    def getDSR(self) -> bool:
        """Whether the device is there (data set ready)."""
        return self._serial.dsr

    def getCD(self) -> bool:
        """Whether the modem hears another modem (carrier detect)."""
        return self._serial.cd

    def getRI(self) -> bool:
        """Whether the line rings (ring indicator)."""
        return self._serial.ri

    def getCTS(self) -> bool:
        """Whether the device is ready for more data (clear to send)."""
        return self._serial.cts

    def setDTR(self, on: bool | int = 1) -> None:
        """Tell the device whether we are there (data terminal ready)."""
        self._serial.dtr = bool(on)

    def setRTS(self, on: bool | int = 1) -> None:
        """Tell the device whether we are ready for more data (request to send)."""
        self._serial.rts = bool(on)
