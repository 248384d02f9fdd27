"""The second connection of FTP, at the client: where it comes about, and who hears of it.

A server says where the client is to connect to. Only the port is believed: with an address, a server could have the
client knock at the doors of its own network (CVE-2020-8284). Where the server connects, it must come from its address.
"""

from __future__ import annotations

from typing import Any

from reactor.defer import Deferred
from reactor.error import ConnectionDone
from reactor.failure import Failure
from reactor.protocol import ClientFactory, Protocol, connectionDone
from reactor.protocols.ftp.data import is_same_host
from reactor.vfs.transfers import pass_on


class DataContext:
    """What the client's side of TLS needs, for both connections (`reactor.ssl`).

    hostname: the name that the server must prove, on both. session: what the second goes on with.
    """

    def __init__(self, contextFactory: Any, host: str | None) -> None:
        own = getattr(contextFactory, "getClientContext", None) or getattr(contextFactory, "getContext", None)
        self._context = own() if own is not None else contextFactory  # once, as a session belongs to its context
        self.hostname = getattr(contextFactory, "hostname", None) or host
        self.session: Any = None

    def getContext(self) -> Any:
        """The same for both."""
        return self._context


class SenderProtocol(Protocol):
    """What `storeFile` gives: a consumer. Call `finish` at the end of the file.

    connectedDeferred: fires with this object. moved: called when a part of the file is sent.
    """

    moved: Any = staticmethod(lambda: None)
    _is_wanted = False

    def __init__(self) -> None:
        self.connectedDeferred: Deferred[SenderProtocol] = Deferred()

    def connectionMade(self) -> None:
        """The connection is there; the server may not know yet what it is for."""
        self._begin()

    def wanted(self) -> None:
        """The server wants the file."""
        self._is_wanted = True
        self._begin()

    def _begin(self) -> None:
        if self._is_wanted and self.connected and not self.connectedDeferred.called:
            self.connectedDeferred.callback(self)

    def write(self, data: bytes) -> None:
        """Send a part of the file."""
        self.moved()
        self.transport.write(data)

    def writeFrom(self, file: Any, size: int) -> int:
        """Send a part of a file on disk, as `transport.writeFrom`."""
        self.moved()
        return pass_on(file, self.transport)

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """The transport tells the producer when to go on."""
        self.transport.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer has finished."""
        self.transport.unregisterProducer()

    def finish(self) -> None:
        """That was all of the file."""
        self.transport.loseConnection()


class _Watched(Protocol):
    """Stands between the data connection and the program's protocol."""

    def __init__(self, data: DataConnection) -> None:
        self._data = data

    def connectionMade(self) -> None:
        data, transport = self._data, self.transport
        if data.context is not None:
            transport.startTLS(data.context, normal=data.port is None)
        data.connected.callback(None)
        data.user.makeConnection(transport)

    def dataReceived(self, data: bytes) -> None:
        self._data.moved()
        self._data.user.dataReceived(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._data.user.connectionLost(reason)
        self._data.over.callback("" if reason.check(ConnectionDone) else reason.getErrorMessage())


class DataConnection(ClientFactory[Any]):
    """One data connection. It is for `user`, a protocol that hears of it as of any connection.

    host: the only address that it goes to, or comes from. context: for TLS; None for none. moved: called when data
    comes. connected: fires when it is there. over: fires at its end; with what went wrong, or "". port: it listens.
    """

    noisy = False
    port: Any = None
    _built: _Watched | None = None
    _connector: Any = None

    def __init__(self, user: Any, host: str, context: DataContext | None, moved: Any) -> None:
        self.user, self.host, self.context, self.moved = user, host, context, moved
        self.connected: Deferred[None] = Deferred()
        self.over: Deferred[str] = Deferred()

    def connect(self, reactor: Any, port: int) -> Deferred[None]:
        """Go to the server. Returns `connected`, which fails with ConnectError."""
        self._connector = reactor.connectTCP(self.host, port, self)
        return self.connected

    def buildProtocol(self, addr: Any) -> _Watched | None:
        """The first connection, if it is the server's."""
        if self._built is None and not self.over.called and is_same_host(addr.host, self.host):
            self._built = _Watched(self)
            self._stop_listening()
            return self._built
        return None

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        """The server doesn't listen there."""
        self.connected.errback(reason)

    def _stop_listening(self) -> None:
        if self.port is not None and self.port.connected:
            self.port.stopListening()

    def close(self) -> None:
        """Nobody wants it any more. Does nothing when it is over."""
        self._stop_listening()
        if self._built is not None:
            self._built.transport.abortConnection()
            return
        if not self.over.called:
            self.over.callback("it never came about")
        if self._connector is not None and self._connector.state == "connecting":
            self._connector.stopConnecting()
