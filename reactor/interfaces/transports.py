"""What carries a stream of bytes: TCP, TLS, UNIX sockets, and the pipes of a child process.

The types of addresses. Each kind of transport has its own; most programs speak TCP, and write
`self.transport.getPeer().host`. The union of all kinds would refuse that, since a UNIX socket has no host. So where
the kind isn't known, an address is `IPv4Address | IPv6Address | Any`: `.host` and `.port` are known, a mistyped
attribute is found, and `isinstance(peer, UNIXAddress)` leads to `.name`. Where the kind is known the type is exact:
the two over TCP, one over UNIX sockets.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from reactor.interfaces.producing import IConsumer, IPushProducer

if TYPE_CHECKING:
    from reactor.address import IPv4Address, IPv6Address, UNIXAddress


class ITransport(Protocol):
    """Moves bytes to and from a peer, in order, each once."""

    def write(self, data: bytes) -> None:
        """Send these bytes, some time soon; never blocks, never raises for the peer's sake."""

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Send these, one after the other."""

    def loseConnection(self) -> None:
        """Send what is waiting, then close."""

    def getPeer(self) -> IPv4Address | IPv6Address | Any:
        """The address of the other side."""

    def getHost(self) -> IPv4Address | IPv6Address | Any:
        """The address of this side."""


class ITCPTransport(ITransport, IConsumer, IPushProducer, Protocol):
    """A transport over TCP: also closes in halves or at once, and shows the socket's options."""

    @property
    def disconnecting(self) -> bool:
        """Whether `loseConnection` was called."""

    def getPeer(self) -> IPv4Address | IPv6Address:
        """The address of the other side."""

    def getHost(self) -> IPv4Address | IPv6Address:
        """The address of this side."""

    def loseWriteConnection(self) -> None:
        """Send what is waiting, then tell the peer that no more comes; go on reading."""

    def abortConnection(self) -> None:
        """Close now; what is waiting is thrown away."""

    def getTcpNoDelay(self) -> bool:
        """Whether small pieces leave at once (Nagle's algorithm is off)."""

    def setTcpNoDelay(self, enabled: bool) -> None:
        """Choose whether small pieces leave at once."""

    def getTcpKeepAlive(self) -> bool:
        """Whether the kernel asks an idle peer if it is still there."""

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """Choose whether the kernel asks an idle peer if it is still there."""


class IUNIXTransport(ITransport, IConsumer, IPushProducer, Protocol):
    """A transport over a UNIX socket: also closes at once, and carries descriptors."""

    def getPeer(self) -> UNIXAddress:
        """The address of the other side."""

    def getHost(self) -> UNIXAddress:
        """The address of this side."""

    def abortConnection(self) -> None:
        """Close now; what is waiting is thrown away."""

    def sendFileDescriptor(self, descriptor: int) -> None:
        """Send a copy of an open descriptor, along with a byte that is given to `write`."""


class ITLSTransport(ITCPTransport, Protocol):
    """A transport that can be encrypted in mid-stream."""

    def startTLS(self, contextFactory: Any, normal: bool = True) -> None:
        """Encrypt from here on; `normal` when who connected is TLS's client."""

    def handToTLS(self, data: bytes) -> None:
        """The peer's TLS begins with these bytes, which came with the last plaintext."""


class ISSLTransport(ITCPTransport, Protocol):
    """A transport that is encrypted."""

    def getPeerCertificate(self) -> bytes | None:
        """The certificate that the peer has shown, as DER bytes; None if it has shown none."""


class INegotiated(ISSLTransport, Protocol):
    """A transport on which both sides may have agreed what to speak."""

    @property
    def negotiatedProtocol(self) -> bytes | None:
        """What it is, by ALPN; None without agreement, and before the handshake is complete."""


class ISystemHandle(Protocol):
    """A transport that wraps something of the system."""

    def getHandle(self) -> object:
        """That, for instance a socket: for asking; reading and writing are the transport's."""


class IProcessTransport(IConsumer, Protocol):
    """A child process; what is written goes to its standard input."""

    pid: int | None

    def writeToChild(self, childFD: int, data: bytes) -> None:
        """Send these bytes to another of its descriptors."""

    def closeChildFD(self, descriptor: int) -> None:
        """Close our end of one of its descriptors, after what waits is sent."""

    def closeStdin(self) -> None: ...
    def closeStdout(self) -> None: ...
    def closeStderr(self) -> None: ...

    def loseConnection(self) -> None:
        """Close the standard three."""

    def signalProcess(self, signalID: str | int) -> None:
        """Send it a signal, by name or number. Raises ProcessExitedAlready."""
