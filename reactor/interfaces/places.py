"""Where connections are taken and where they go: ports, connectors, endpoints, addresses, and who knows them.

For the types of addresses, see transports.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from reactor.interfaces.type_variables import P

if TYPE_CHECKING:
    from reactor.address import IPv4Address, IPv6Address
    from reactor.defer import Deferred
    from reactor.interfaces.programs import IProtocolFactory


class IAddress(Protocol):
    """Where one end of a connection is: see reactor.address."""


class IListeningPort(Protocol):
    """A port that takes connections."""

    def startListening(self) -> None:
        """Begin, or begin again after `stopListening`. Raises CannotListenError."""

    def stopListening(self) -> Deferred[None] | Any:
        """Take no more connections. The result comes when the port is free.

        None instead of a Deferred: it did not listen. (`| Any` to type checkers, for who knows that it does.)
        """

    def getHost(self) -> IPv4Address | IPv6Address | Any:
        """Where it listens."""


class IConnector(Protocol):
    """One client's way to one server: it can be gone again and again."""

    def connect(self) -> None:
        """Try (again). Raises RuntimeError unless disconnected."""

    def disconnect(self) -> None:
        """End the attempt or the connection, whichever there is."""

    def stopConnecting(self) -> None:
        """End the attempt. Raises NotConnectingError when there is none."""

    def getDestination(self) -> IPv4Address | IPv6Address | Any:
        """The address it goes to."""


class IStreamServerEndpoint(Protocol):
    """A place where connections can be taken."""

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        """Begin to listen. The Deferred's result is the port; it fails with CannotListenError."""


class IStreamClientEndpoint(Protocol):
    """A place that can be connected to."""

    def connect(self, protocolFactory: IProtocolFactory[P]) -> Deferred[P]:
        """Connect once. The Deferred's result is the protocol, after its `connectionMade`.

        It fails with the reason why there is no connection. Cancelling it stops the attempt.
        """


class IHostResolution(Protocol):
    """A question for the addresses of a host, on its way."""

    name: str

    def cancel(self) -> None:
        """Nobody wants to know any more."""


class IResolutionReceiver(Protocol):
    """Who is told the addresses of a host."""

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        """The question is asked; called first."""

    def addressResolved(self, address: IPv4Address | IPv6Address) -> None:
        """Here is one of the addresses, an IPv4Address or IPv6Address."""

    def resolutionComplete(self) -> None:
        """That was all; there may have been none."""


class IHostnameResolver(Protocol):
    """Knows the addresses of hosts."""

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Any = None,
        transportSemantics: Any = "TCP",
    ) -> IHostResolution:
        """Tell the receiver the host's addresses, now or later.

        portNumber, transportSemantics: the port, and "TCP" or "UDP", for the addresses. addressTypes: the classes that
        are wanted; None for all.
        """
