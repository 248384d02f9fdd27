"""Serial ports: `SerialPort(protocol, "/dev/ttyUSB0", reactor)`. See reactor.core.transports.serial. Needs pyserial."""

try:
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
except ImportError as missing:
    raise ImportError("serial ports need pyserial: pip install 'tutorial-of-doom[serial]'", name="serial") from missing

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
