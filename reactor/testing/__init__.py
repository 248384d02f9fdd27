"""Trying a protocol without a socket, and time without waiting.

    transport = StringTransport()
    protocol = Echo()
    protocol.makeConnection(transport)
    protocol.dataReceived(b"hello")
    assert transport.value() == b"hello"

`StringTransport` keeps what is written, for you to check, and refuses what a real one would refuse. `Clock` is time
that moves when you say so. `connectedServerAndClient` joins two protocols of yours, and moves bytes when you say so.
`MemoryReactor` records what a program asks of its reactor, and `MemoryReactorClock` is both reactor and clock.
`check_dialogue` holds a protocol against a transcript.
"""

from reactor.task import Clock
from reactor.testing.dialogue import check_dialogue
from reactor.testing.memory import MemoryReactor, MemoryReactorClock, RaisingMemoryReactor
from reactor.testing.peers import (
    FakeDatagramTransport,
    LineSendingProtocol,
    NonStreamingProducer,
    StringIOWithoutClosing,
    waitUntilAllDisconnected,
)
from reactor.testing.pump import FakeTransport, IOPump, connect, connectedServerAndClient
from reactor.testing.transports import AccumulatingProtocol, StringTransport, StringTransportWithDisconnection

__all__ = [
    "AccumulatingProtocol",
    "Clock",
    "FakeDatagramTransport",
    "FakeTransport",
    "IOPump",
    "LineSendingProtocol",
    "MemoryReactor",
    "MemoryReactorClock",
    "NonStreamingProducer",
    "RaisingMemoryReactor",
    "StringIOWithoutClosing",
    "StringTransport",
    "StringTransportWithDisconnection",
    "check_dialogue",
    "connect",
    "connectedServerAndClient",
    "waitUntilAllDisconnected",
]
