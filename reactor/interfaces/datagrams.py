"""Transports of datagrams: over UDP, to groups, and over UNIX sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from reactor.address import IPv4Address, IPv6Address, UNIXAddress
    from reactor.defer import Deferred


class IUDPTransport(Protocol):
    """Moves datagrams, over UDP."""

    def write(self, datagram: bytes, addr: tuple[str, int] | None = None) -> None:
        """Send a datagram to (host, port), or to the peer when connected; it may be lost, and no error tells."""

    def connect(self, host: str, port: int) -> None:
        """Talk to this peer only."""

    def getHost(self) -> IPv4Address | IPv6Address:
        """The address of this side."""

    def stopListening(self) -> Deferred[None] | Any:
        """Close the port. Returns a Deferred that fires when it is closed; None if it was closed already."""

    def setBroadcastAllowed(self, enabled: bool) -> None:
        """Choose whether datagrams may be sent to all machines on a network."""

    def getBroadcastAllowed(self) -> bool:
        """Whether datagrams may be sent to all machines on a network."""


class IMulticastTransport(IUDPTransport, Protocol):
    """Moves datagrams to and from groups."""

    def joinGroup(self, addr: str, interface: str = "") -> Deferred[None]:
        """Receive what is sent to a group."""

    def leaveGroup(self, addr: str, interface: str = "") -> Deferred[None]:
        """Receive no more of what is sent to a group."""

    def setOutgoingInterface(self, addr: str | int) -> Deferred[int]:
        """Choose the interface by which datagrams to groups leave."""

    def getOutgoingInterface(self) -> str | int:
        """The interface by which datagrams to groups leave."""

    def setTTL(self, ttl: int) -> None:
        """Choose how far datagrams to groups go."""

    def getTTL(self) -> int:
        """How far datagrams to groups go."""

    def setLoopbackMode(self, mode: bool | int) -> None:
        """Choose whether this machine hears its own datagrams to groups."""

    def getLoopbackMode(self) -> bool:
        """Whether this machine hears its own datagrams to groups."""


class IUNIXDatagramTransport(Protocol):
    """Moves datagrams over a UNIX socket."""

    def write(self, datagram: bytes, address: str | bytes) -> None:
        """Send a datagram to the socket at a path."""

    def getHost(self) -> UNIXAddress:
        """The path of this side."""


class IUNIXDatagramConnectedTransport(Protocol):
    """Moves datagrams to and from one peer over a UNIX socket."""

    def write(self, datagram: bytes) -> None:
        """Send a datagram to the peer."""

    def getHost(self) -> UNIXAddress:
        """The path of this side."""

    def getPeer(self) -> UNIXAddress:
        """The path of the peer."""
