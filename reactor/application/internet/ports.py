"""Listening and connecting as services: `reactor.listenTCP` and its sisters, called when the service starts.

    TCPServer(8080, factory).setServiceParent(application)

takes what `reactor.listenTCP` takes. The port is bound with the privileges that the program began with, and is free
again before the service counts as stopped.
"""

from __future__ import annotations

from typing import Any

from reactor.application.tree import Service
from reactor.default import the_reactor
from reactor.defer import Deferred


class AskingService(Service):
    """Asks the reactor for something when it starts.

    method: which of the reactor's methods. args, kwargs: what that gets. reactor: whose; the program's unless given by
    that name.
    """

    method = ""

    def __init__(self, *args: Any, reactor: Any = None, **kwargs: Any) -> None:
        self.args = args
        self.kwargs = kwargs
        self.reactor = reactor

    def _ask(self) -> Any:
        return getattr(the_reactor(self.reactor), self.method)(*self.args, **self.kwargs)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {' '.join(map(str, self.args[:1]))}>"


class PortService(AskingService):
    """Listens while it runs."""

    _port: Any = None

    def privilegedStartService(self) -> None:
        super().privilegedStartService()
        self._port = self._ask()

    def startService(self) -> None:
        super().startService()
        if self._port is None:
            self._port = self._ask()

    def stopService(self) -> Deferred[Any] | None:
        super().stopService()
        port, self._port = self._port, None
        return None if port is None else port.stopListening()

    def getHost(self) -> Any:
        """The address where it listens: who asked for port 0 learns which it got. Raises RuntimeError: it doesn't."""
        if self._port is None:
            raise RuntimeError(f"{self!r} has no address: it doesn't listen; start it first")
        return self._port.getHost()


class ConnectionService(AskingService):
    """Connects when it starts, and gives the connection up when it stops. Whether to come back is the factory's affair;
    a `ClientService` does by itself, and stops only when its connection is closed."""

    _connector: Any = None

    def startService(self) -> None:
        super().startService()
        self._connector = self._ask()

    def stopService(self) -> Deferred[Any] | None:
        super().stopService()
        connector, self._connector = self._connector, None
        if connector is not None:
            connector.disconnect()
        return None


class TCPServer(PortService):
    """`reactor.listenTCP` as a service."""

    method = "listenTCP"


class SSLServer(PortService):
    """`reactor.listenSSL` as a service."""

    method = "listenSSL"


class UNIXServer(PortService):
    """`reactor.listenUNIX` as a service."""

    method = "listenUNIX"


class UDPServer(PortService):
    """`reactor.listenUDP` as a service."""

    method = "listenUDP"


class MulticastServer(PortService):
    """`reactor.listenMulticast` as a service."""

    method = "listenMulticast"


class UNIXDatagramServer(PortService):
    """`reactor.listenUNIXDatagram` as a service."""

    method = "listenUNIXDatagram"


class TCPClient(ConnectionService):
    """`reactor.connectTCP` as a service."""

    method = "connectTCP"


class SSLClient(ConnectionService):
    """`reactor.connectSSL` as a service."""

    method = "connectSSL"


class UNIXClient(ConnectionService):
    """`reactor.connectUNIX` as a service."""

    method = "connectUNIX"


class UNIXDatagramClient(PortService):
    """`reactor.connectUNIXDatagram` as a service: nobody connects here, it is a port that knows whom to write to."""

    method = "connectUNIXDatagram"
