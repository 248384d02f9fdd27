"""What you write yourself: protocols and factories.

A protocol is the meaning of one connection's bytes, and lives as long as the connection. A factory makes protocols, and
keeps what outlives them. (Datagrams have no connections: there one protocol serves a port, and needs no factory.)
Override the methods you need; each has a default.
"""

from reactor.protocol.client_creator import ClientCreator
from reactor.protocol.datagram import AbstractDatagramProtocol, ConnectedDatagramProtocol, DatagramProtocol
from reactor.protocol.factory import ClientFactory, Factory, ServerFactory
from reactor.protocol.process import ProcessProtocol
from reactor.protocol.reconnecting import ReconnectingClientFactory
from reactor.protocol.stream import Protocol, connectionDone

__all__ = [
    "AbstractDatagramProtocol",
    "ClientCreator",
    "ClientFactory",
    "ConnectedDatagramProtocol",
    "DatagramProtocol",
    "Factory",
    "ProcessProtocol",
    "Protocol",
    "ReconnectingClientFactory",
    "ServerFactory",
    "connectionDone",
]
