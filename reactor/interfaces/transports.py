"""Transports of a stream of bytes: TCP, TLS, UNIX sockets, and the pipes of a child process.

The types of addresses: each kind of transport has its own. Most programs speak TCP, and write
`self.transport.getPeer().host`. The union of all kinds would refuse that, since a UNIX socket has no host. So where
the kind isn't known, an address is `IPv4Address | IPv6Address | Any`: `.host` and `.port` are known, a mistyped
attribute is found, and `isinstance(peer, UNIXAddress)` makes `.name` known. Where the kind is known the type is exact:
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
        """Send these bytes soon; never blocks, and never raises because of the peer."""

    def writeSequence(self, iovec: Iterable[bytes]) -> None:
        """Send these, one after the other."""

    def loseConnection(self) -> None:
        """Send what is waiting, then close."""

    def getPeer(self) -> IPv4Address | IPv6Address | Any:
        """The address of the other side."""

    def getHost(self) -> IPv4Address | IPv6Address | Any:
        """The address of this side."""


class ITCPTransport(ITransport, IConsumer, IPushProducer, Protocol):
    """A transport over TCP: also closes one direction, or closes at once, and has the socket's options."""

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
        """Send a copy of an open descriptor, along with a byte that is passed to `write`."""


class ITLSTransport(ITCPTransport, Protocol):
    """A transport that can be encrypted in mid-stream."""

    def startTLS(self, contextFactory: Any, normal: bool = True) -> None:
        """Encrypt from here on. normal: whether the end that connected is TLS's client."""

    def handToTLS(self, data: bytes) -> None:
        """The peer's TLS begins with these bytes, which came with the last plaintext."""


class ISSLTransport(ITCPTransport, Protocol):
    """A transport that is encrypted."""

    def getPeerCertificate(self) -> bytes | None:
        """The certificate that the peer has shown, as DER bytes; None if it has shown none."""


class INegotiated(ISSLTransport, Protocol):
    """A transport whose two sides may have agreed on a protocol."""

    @property
    def negotiatedProtocol(self) -> bytes | None:
        """That protocol, by ALPN; None without agreement, and before the handshake is complete."""


class ISystemHandle(Protocol):
    """A transport that wraps an object of the system."""

    def getHandle(self) -> object:
        """That object, for instance a socket. Ask it questions, but leave reading and writing to the transport."""


class IProcessTransport(IConsumer, Protocol):
    """A child process; what is written goes to its standard input."""

    pid: int | None

    def writeToChild(self, childFD: int, data: bytes) -> None:
        """Send these bytes to another of its descriptors."""

    def closeChildFD(self, descriptor: int) -> None:
        """Close our end of one of its descriptors after what waits is sent."""

    def closeStdin(self) -> None: ...
    def closeStdout(self) -> None: ...
    def closeStderr(self) -> None: ...

    def loseConnection(self) -> None:
        """Close standard input, output and error."""

    def signalProcess(self, signalID: str | int) -> None:
        """Send it a signal, by name or number. Raises ProcessExitedAlready."""
