"""Where connections are taken and where they go: ports, connectors, endpoints, addresses, and resolvers of names.

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
        """Take no more connections. Returns a Deferred that fires when the port is free.

        Returns None if it doesn't listen. (`| Any` is for programs that know that it does.)
        """

    def getHost(self) -> IPv4Address | IPv6Address | Any:
        """Where it listens."""


class IConnector(Protocol):
    """One client's way to one server, for any number of attempts."""

    def connect(self) -> None:
        """Try to connect, for the first time or again. Raises RuntimeError unless disconnected."""

    def disconnect(self) -> None:
        """End the attempt or the connection, whichever there is."""

    def stopConnecting(self) -> None:
        """End the attempt. Raises NotConnectingError when there is none."""

    def getDestination(self) -> IPv4Address | IPv6Address | Any:
        """The address that this connects to."""


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
    """A question for the addresses of a host that is under way."""

    name: str

    def cancel(self) -> None:
        """Stop asking: the answer is no longer needed."""


class IResolutionReceiver(Protocol):
    """Receives the addresses of a host."""

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        """The question is asked; called first."""

    def addressResolved(self, address: IPv4Address | IPv6Address) -> None:
        """One of the addresses, an IPv4Address or IPv6Address. Called for each."""

    def resolutionComplete(self) -> None:
        """The last call: there are no more addresses, and there may have been none."""


class IResolverSimple(Protocol):
    """Knows an address of each host: the older kind of resolver."""

    def getHostByName(self, name: str, timeout: Any = ...) -> Deferred[str]:
        """An address of a host. timeout: seconds for each try. Fails with DNSLookupError."""


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

        portNumber, transportSemantics: the port, and "TCP" or "UDP", for the addresses. addressTypes: the classes
        to report; None for all.
        """
