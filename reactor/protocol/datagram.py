"""Protocols for datagrams. Datagrams have no connections, so one protocol serves a port, and there is no factory.

To a type checker, the transport of a `DatagramProtocol` is a UDP port that can also join groups, which the ports of
`reactor.listenMulticast` can. A subclass for a UNIX socket declares `transport: IUNIXDatagramTransport`. See stream.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reactor import log

if TYPE_CHECKING:
    from reactor.failure import Failure
    from reactor.interfaces import IMulticastTransport, IUNIXDatagramConnectedTransport


class AbstractDatagramProtocol:
    """The meaning of the datagrams that come to a port.

    transport: the port, while it is open. numPorts: how many ports use this protocol.
    noisy: whether start and stop are logged.
    """

    transport: Any = None
    numPorts: int = 0
    noisy: bool = True

    def makeConnection(self, transport: Any) -> None:
        """Called by the port when it is open. Override `startProtocol`. Raises AssertionError if it has one."""
        if self.transport is not None:
            raise AssertionError(f"{self!r} serves {self.transport!r} already: give each port a protocol of its own")
        self.transport = transport
        self.doStart()

    def doStart(self) -> None:
        """One more port uses this protocol; the first one starts it. Called by `makeConnection`."""
        if self.numPorts == 0:
            if self.noisy:
                log.msg(f"Starting protocol {self!r}")
            self.startProtocol()
        self.numPorts += 1

    def doStop(self) -> None:
        """One port fewer uses it; the last one stops it. Called by the port. Raises AssertionError if none uses it."""
        if self.numPorts == 0:
            raise AssertionError(f"{self!r} was stopped, and had not been started")
        self.numPorts -= 1
        self.transport = None
        if self.numPorts == 0:
            if self.noisy:
                log.msg(f"Stopping protocol {self!r}")
            self.stopProtocol()

    def startProtocol(self) -> None:
        """The port is open: `self.transport` can send, connect, join groups."""

    def stopProtocol(self) -> None:
        """The port is closed, and `self.transport` is None."""

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        """One datagram has come, whole, perhaps empty. addr: its sender: (host, port), or the path of a UNIX socket."""


class DatagramProtocol(AbstractDatagramProtocol):
    """Datagrams over UDP, from any sender, or over a UNIX socket."""

    transport: IMulticastTransport | Any = None

    def logPrefix(self) -> str:
        """What the log calls this protocol."""
        return type(self).__name__

    def connectionRefused(self) -> None:
        """No socket is open where an earlier datagram was sent. Called only if the port is connected to one peer."""


class ConnectedDatagramProtocol(DatagramProtocol):
    """Datagrams with one peer over a UNIX socket: see `reactor.connectUNIXDatagram`."""

    transport: IUNIXDatagramConnectedTransport | Any = None

    def datagramReceived(self, datagram: bytes) -> None:  # type: ignore[override]  # Twisted's: no address, there is one peer
        """One datagram has come from the peer, whole, perhaps empty."""

    def connectionFailed(self, failure: Failure) -> None:
        """There is no such peer; called instead of `startProtocol`."""
