"""Listening and connecting as services: `reactor.listenTCP` and its sisters, called when the service starts.

    TCPServer(8080, factory).setServiceParent(application)

takes the arguments of `reactor.listenTCP`. The port is bound with the privileges that the program began with, and is
free again before the service counts as stopped.
"""

from __future__ import annotations

from typing import Any

from reactor.application.tree import Service
from reactor.default import the_reactor
from reactor.defer import Deferred


class AskingService(Service):
    """Calls a method of the reactor when it starts.

    method: the method's name. args, kwargs: its arguments. reactor: the program's unless given.
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
        """The address where it listens, with the port that 0 became. Raises RuntimeError when it doesn't listen."""
        if self._port is None:
            raise RuntimeError(f"{self!r} has no address: it doesn't listen; start it first")
        return self._port.getHost()


class ConnectionService(AskingService):
    """Connects when it starts, and disconnects when it stops. The factory decides whether to connect again; a
    `ClientService` does so by itself, and has stopped only when its connection is closed."""

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
    """`reactor.connectUNIXDatagram` as a service. It is a port, not a connection: datagrams know no connections."""

    method = "connectUNIXDatagram"
