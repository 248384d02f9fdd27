"""What a program brings along: protocols, what else they may ask to hear, and the factories that make them.

The reactor passes every argument by position. So the names here are for the reader only (the `/` says so), and a
program's own class may use others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from reactor.interfaces.type_variables import P_co

if TYPE_CHECKING:
    from reactor.failure import Failure
    from reactor.interfaces.places import IConnector


class IProtocol(Protocol):
    """Gives one connection's bytes their meaning. A factory makes one for each connection."""

    def makeConnection(self, transport: Any, /) -> None:
        """The connection is made; called once, first."""

    def dataReceived(self, data: bytes, /) -> None:
        """Bytes have come, at least one, cut anywhere: TCP keeps their order, not the borders of your messages."""

    def connectionLost(self, reason: Failure, /) -> None:
        """The connection is lost; called once, last. reason: ConnectionDone when the end was clean."""


@runtime_checkable
class IHalfCloseableProtocol(Protocol):
    """A protocol that goes on when only one direction has ended."""

    def readConnectionLost(self) -> None:
        """The peer will send no more; we still may."""

    def writeConnectionLost(self) -> None:
        """All that we wrote is sent, and the peer has been told that no more comes."""


@runtime_checkable
class IHandshakeListener(Protocol):
    """A protocol that wants to know when its connection is secure."""

    def handshakeCompleted(self) -> None:
        """The TLS handshake is complete, the peer's certificate is believed; called once, before any bytes come."""


@runtime_checkable
class IFileDescriptorReceiver(Protocol):
    """A protocol that takes the file descriptors which its peer sends."""

    def fileDescriptorReceived(self, descriptor: int) -> None:
        """A descriptor came, before the bytes that came with it. It is yours, to close too."""


class ILoggingContext(Protocol):
    """Something that has a name in the log."""

    def logPrefix(self) -> str:
        """What the log calls it."""


class IProcessProtocol(Protocol):
    """Handles the output and the end of a child process: see reactor.protocol.ProcessProtocol."""

    def makeConnection(self, process: Any, /) -> None:
        """The process runs; called once, first."""

    def childDataReceived(self, childFD: int, data: bytes, /) -> None:
        """The child wrote these bytes to its descriptor `childFD`."""

    def childConnectionLost(self, childFD: int, /) -> None:
        """The pipe to that descriptor is closed."""

    def processExited(self, reason: Failure, /) -> None:
        """The process is gone, with ProcessDone or ProcessTerminated. Some of its output may still come."""

    def processEnded(self, reason: Failure, /) -> None:
        """The process is gone and every pipe to it is closed; called once, last."""


class IProtocolFactory(Protocol[P_co]):
    """Makes a protocol for each connection, and holds what they share."""

    def buildProtocol(self, addr: Any, /) -> P_co | None:
        """A protocol for a connection from `addr`; None turns the connection away."""

    def doStart(self) -> None:
        """One more port or connector uses this factory."""

    def doStop(self) -> None:
        """One fewer uses this factory."""


class IClientFactory(IProtocolFactory[P_co], Protocol[P_co]):
    """A factory that also hears of its attempts to connect."""

    def startedConnecting(self, connector: IConnector, /) -> None:
        """An attempt begins; `connector.stopConnecting()` ends it."""

    def clientConnectionFailed(self, connector: IConnector, reason: Failure, /) -> None:
        """The attempt has failed; `connector.connect()` tries again."""

    def clientConnectionLost(self, connector: IConnector, reason: Failure, /) -> None:
        """The connection is lost; `connector.connect()` makes another."""
