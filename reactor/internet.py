"""Listening, connecting, timers and cooperation as services: the names of `twisted.application.internet`."""

from reactor.services.client import ClientService, backoffPolicy
from reactor.services.endpoint import StreamServerEndpointService
from reactor.services.periodic import CooperatorService, TimerService
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
