"""Connections forwarded to another server: what comes in here goes out there, and back.

    client  <->  ProxyServer   ProxyClient  <->  server

Each of the two transports is the other one's producer. When what a slow side has not taken yet grows above the mark,
its transport pauses the other one, which then reads nothing, so that in the end the sender's own kernel holds it back:
however much is sent, the proxy never holds more than a mark and one read each way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.default import the_reactor
from reactor.failure import Failure
from reactor.interfaces import IConnector
from reactor.protocol import ClientFactory, Factory, Protocol, connectionDone

__all__ = ["Proxy", "ProxyClient", "ProxyClientFactory", "ProxyFactory", "ProxyServer"]


class Proxy(Protocol):
    """Either side of a forwarded connection.

    peer: the other side; None until it is connected, and after this side is lost.
    """

    noisy = True
    peer: Proxy | None = None
    __is_pumping = False  # whether the peer's transport is this one's producer

    def setPeer(self, peer: Proxy | None) -> None:
        """Set the other side."""
        self.peer = peer

    def pump(self) -> None:
        """Let this side's transport hold the other side back."""
        assert self.peer is not None
        self.__is_pumping = True
        self.transport.registerProducer(self.peer.transport, True)

    def dataReceived(self, data: bytes) -> None:
        """Pass the bytes on to the other side."""
        assert self.peer is not None, "bytes came before there was another side: its transport was to be paused"
        self.peer.transport.write(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Close the other side too, when all that came from here is sent there."""
        peer, self.peer = self.peer, None
        if peer is not None:
            peer.end()

    def unpump(self) -> None:
        """The other side sends no more, so there is no producer to hold back."""
        if self.__is_pumping:
            self.__is_pumping = False
            self.transport.unregisterProducer()

    def end(self) -> None:
        """The other side is gone: send what waits and close."""
        self.unpump()
        self.transport.loseConnection()


class ProxyClient(Proxy):
    """The side that goes out to the server."""

    def connectionMade(self) -> None:
        """Join the two, and let the other side read at last."""
        assert self.peer is not None
        self.peer.setPeer(self)
        self.pump()
        self.peer.pump()
        self.peer.transport.resumeProducing()


class ProxyClientFactory(ClientFactory):
    """Builds the outgoing side of one connection.

    server: the ProxyServer that waits for it.
    """

    protocol: Callable[..., Any] | None = ProxyClient
    server: ProxyServer

    def setServer(self, server: ProxyServer) -> None:
        """Set the ProxyServer that this connects for."""
        self.server = server

    def buildProtocol(self, addr: Any) -> Any:
        """The outgoing side, with the incoming one as its peer."""
        protocol = super().buildProtocol(addr)
        protocol.setPeer(self.server)
        return protocol

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """The server can't be reached: close the client's connection."""
        self.server.transport.loseConnection()


class ProxyServer(Proxy):
    """The side that a client has connected to. Reads nothing until the other side is connected.

    clientProtocolFactory: builds the other side. reactor: connects; the program's unless set.
    """

    clientProtocolFactory: Callable[[], Any] = ProxyClientFactory
    reactor: Any = None

    def connectionMade(self) -> None:
        """Connect to the server that the factory names."""
        self.transport.pauseProducing()
        client = self.clientProtocolFactory()
        client.setServer(self)
        self.reactor = the_reactor(self.reactor)
        self.reactor.connectTCP(self.factory.host, self.factory.port, client)


class ProxyFactory(Factory):
    """Takes connections for another server.

    host, port: the other server's.
    """

    protocol = ProxyServer

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
