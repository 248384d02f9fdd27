"""Opening a WebSocket, from the client's side."""

from __future__ import annotations

from typing import Any

from wsproto import ConnectionType, WSConnection, events
from wsproto.extensions import PerMessageDeflate
from wsproto.utilities import RemoteProtocolError

from reactor import error
from reactor.defer import Deferred, fail
from reactor.endpoints import HostnameEndpoint, connectProtocol, wrapClientTLS
from reactor.failure import Failure
from reactor.protocol import Protocol, connectionDone
from reactor.web.client.agent import BrowserLikePolicyForHTTPS
from reactor.web.client.errors import SchemeNotSupported
from reactor.web.client.uri import URI
from reactor.web.http_headers import Headers
from reactor.web.websocket.protocol import WebSocketClientFactory, WebSocketProtocol
from reactor.web.websocket.wire import WebSocketTransport

_BODY_AT_MOST = 64 * 1024
_PORTS = {b"ws": 80, b"wss": 443}


class ConnectionRejected(Exception):
    """The server answered with a page instead of a WebSocket. code, headers, body: that answer, a long body cut."""

    def __init__(self, code: int, headers: Headers, body: bytes = b"") -> None:
        super().__init__(f"the server answered {code} where 101 was hoped for")
        self.code, self.headers, self.body = code, headers, body


class WebSocketClientEndpoint:
    """Opens WebSockets at one address. `new` makes one from a URL.

    endpoint: how to connect. uri: the address. handshakeTimeout: how many seconds the server has to agree.
    transport: the class of the transports. Derive from WebSocketTransport to change its limits.
    """

    transport = WebSocketTransport
    handshakeTimeout = 30.0

    def __init__(self, reactor: Any, endpoint: Any, uri: URI, headers: Headers) -> None:
        self._reactor, self._endpoint, self.uri, self._headers = reactor, endpoint, uri, headers

    @classmethod
    def new(
        cls,
        reactor: Any,
        url: str,
        tlsPolicy: Any = None,
        connectTimeout: float | None = None,
        bindAddress: Any = None,
        headers: Headers | None = None,
    ) -> WebSocketClientEndpoint:
        """An endpoint for a URL with the scheme ws or wss. headers: sent with the request. The rest is as for an Agent.

        Raises SchemeNotSupported for another scheme, ValueError for what is no URL.
        """
        uri = URI.fromBytes(url.encode("ascii"))
        if uri.scheme not in _PORTS or not uri.host:
            raise SchemeNotSupported(f"{url!r} is no address of a WebSocket: those begin with ws:// or wss://")
        uri = URI.fromBytes(url.encode("ascii"), _PORTS[uri.scheme])
        timeout = 30 if connectTimeout is None else connectTimeout
        endpoint: Any = HostnameEndpoint(reactor, uri.host.decode("ascii"), uri.port, timeout, bindAddress)
        if uri.scheme == b"wss":
            policy = tlsPolicy or BrowserLikePolicyForHTTPS()
            endpoint = wrapClientTLS(policy.creatorForNetloc(uri.host, uri.port), endpoint)
        return cls(reactor, endpoint, uri, headers or Headers())

    def connect(self, protocolFactory: WebSocketClientFactory) -> Deferred[Any]:
        """Open a WebSocket. Returns a Deferred that fires with the protocol once messages can go both ways.

        Cancelling it closes the connection. It fails with ConnectionRejected when the server answers with a page, with
        RemoteProtocolError when the answer is wrong, with TimeoutError, and with the endpoint's error when connecting
        fails.
        """
        try:
            protocol = protocolFactory.buildProtocol(self.uri.toBytes().decode("ascii"))
        except Exception:
            return fail()
        handshake = _Handshake(self, protocol, protocolFactory.protocols)
        connecting = connectProtocol(self._endpoint, handshake)
        opened: Deferred[Any] = connecting.addCallback(lambda connected: handshake.done)
        return opened.addTimeout(self.handshakeTimeout, self._reactor)

    def greeting(self, subprotocols: tuple[str, ...]) -> events.Request:
        """The request that the client sends first."""
        port = self.uri.port != _PORTS[self.uri.scheme]
        host = b"[%b]" % self.uri.host if b":" in self.uri.host else self.uri.host
        return events.Request(
            host=(b"%b:%d" % (host, self.uri.port) if port else host).decode("ascii"),
            target=self.uri.originForm.decode("ascii"),
            subprotocols=list(subprotocols),
            extensions=[PerMessageDeflate()],
            extra_headers=[(name, value) for name, values in self._headers.getAllRawHeaders() for value in values],
        )

    def transport_for(self, wire: Any, protocol: WebSocketProtocol) -> WebSocketTransport:
        """Make the transport of a new WebSocket."""
        return self.transport(wire, protocol, self._reactor)


class _Handshake(Protocol):
    """The connection's protocol until the server has agreed; from then on it passes the bytes to the transport."""

    def __init__(self, endpoint: WebSocketClientEndpoint, protocol: WebSocketProtocol, subprotocols: Any) -> None:
        self._endpoint, self._protocol, self._subprotocols = endpoint, protocol, subprotocols
        self._connection = WSConnection(ConnectionType.CLIENT)
        self._wire = endpoint.transport_for(self._connection, protocol)
        self._is_open = False
        self._rejected: ConnectionRejected | None = None
        self.done: Deferred[WebSocketProtocol] = Deferred(lambda deferred: self.transport.abortConnection())

    def connectionMade(self) -> None:
        self._protocol.negotiationStarted(self._wire)
        self.transport.write(self._connection.send(self._endpoint.greeting(self._subprotocols)))

    def dataReceived(self, data: bytes) -> None:
        if self._is_open:
            self._wire.dataReceived(data)
            return
        try:
            self._connection.receive_data(data)
            for event in self._connection.events():
                self._act(event)
                if self._is_open:
                    break
        except RemoteProtocolError as problem:
            self._give_up(problem)
            return
        if self._is_open:  # bytes that followed the handshake are in wsproto's buffer already: read them
            self._wire.dataReceived(b"")

    def _act(self, event: events.Event) -> None:
        if isinstance(event, events.AcceptConnection):
            self._is_open = True
            self._wire.subprotocol = event.subprotocol
            self._wire.makeConnection(self.transport)
            self.done.callback(self._protocol)
        elif isinstance(event, events.RejectConnection):
            headers = Headers()
            for name, value in event.headers:
                headers.addRawHeader(name, value)
            self._rejected = ConnectionRejected(event.status_code, headers)
            if not event.has_body:
                self._give_up(self._rejected)
        elif isinstance(event, events.RejectData) and self._rejected is not None:
            self._rejected.body += bytes(event.data)
            if event.body_finished or len(self._rejected.body) > _BODY_AT_MOST:
                self._give_up(self._rejected)

    def _give_up(self, problem: Exception) -> None:
        if not self.done.called:
            self.done.errback(problem)
        self.transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._is_open:
            self._wire.connectionLost(reason)
            return
        if not self.done.called:
            self.done.errback(self._rejected or error.ConnectionLost("the server closed before it agreed"))
        self._wire.connectionLost(reason)
