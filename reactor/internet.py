"""Listening, connecting, timers and cooperation as services: the names of `twisted.application.internet`."""

from reactor.services.ports import (
    MulticastServer,
    SSLClient,
    SSLServer,
    TCPClient,
    TCPServer,
    UDPServer,
    UNIXClient,
    UNIXDatagramClient,
    UNIXDatagramServer,
    UNIXServer,
)

__all__ = [
    "MulticastServer",
    "SSLClient",
    "SSLServer",
    "TCPClient",
    "TCPServer",
    "UDPServer",
    "UNIXClient",
    "UNIXDatagramClient",
    "UNIXDatagramServer",
    "UNIXServer",
]
