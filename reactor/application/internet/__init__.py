"""Listening, connecting, timers and cooperation as services: the names of `twisted.application.internet`."""

from reactor.application.internet.client import ClientService, backoffPolicy
from reactor.application.internet.endpoint import StreamServerEndpointService
from reactor.application.internet.periodic import CooperatorService, TimerService
from reactor.application.internet.ports import (
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
    "ClientService",
    "CooperatorService",
    "MulticastServer",
    "SSLClient",
    "SSLServer",
    "StreamServerEndpointService",
    "TCPClient",
    "TCPServer",
    "TimerService",
    "UDPServer",
    "UNIXClient",
    "UNIXDatagramClient",
    "UNIXDatagramServer",
    "UNIXServer",
    "backoffPolicy",
]
