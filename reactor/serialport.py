"""Serial ports: `SerialPort(protocol, "/dev/ttyUSB0", reactor)`. See reactor.core.transports.serial. Needs pyserial."""

from reactor.extras import installed_by

with installed_by("tutorial-of-doom[serial]"):
    from serial import (
        EIGHTBITS,
        FIVEBITS,
        PARITY_EVEN,
        PARITY_NONE,
        PARITY_ODD,
        SEVENBITS,
        SIXBITS,
        STOPBITS_ONE,
        STOPBITS_TWO,
    )

from reactor.core.transports.serial import SerialPort

__all__ = [
    "EIGHTBITS",
    "FIVEBITS",
    "PARITY_EVEN",
    "PARITY_NONE",
    "PARITY_ODD",
    "SEVENBITS",
    "SIXBITS",
    "STOPBITS_ONE",
    "STOPBITS_TWO",
    "SerialPort",
]
