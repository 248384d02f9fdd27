"""Opening a WebSocket, from the client's side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from h11 import LocalProtocolError
from wsproto import ConnectionType, events
from wsproto.extensions import Extension
from wsproto.handshake import H11Handshake
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

    def greeting(self, subprotocols: tuple[str, ...], extensions: Sequence[Extension] = ()) -> events.Request:
        """The request that the client sends first."""
        port = self.uri.port != _PORTS[self.uri.scheme]
        host = b"[%b]" % self.uri.host if b":" in self.uri.host else self.uri.host
        return events.Request(
            host=(b"%b:%d" % (host, self.uri.port) if port else host).decode("ascii"),
            target=self.uri.originForm.decode("ascii"),
            subprotocols=list(subprotocols),
            extensions=list(extensions),
            extra_headers=[(name, value) for name, values in self._headers.getAllRawHeaders() for value in values],
        )

    def transport_for(self, protocol: WebSocketProtocol) -> WebSocketTransport:
        """Make the transport of a new WebSocket."""
        return self.transport(ConnectionType.CLIENT, protocol, self._reactor)


class _Handshake(Protocol):
    """The connection's protocol until the server has agreed; from then on it passes the bytes to the transport."""

    def __init__(self, endpoint: WebSocketClientEndpoint, protocol: WebSocketProtocol, subprotocols: Any) -> None:
        self._endpoint, self._protocol, self._subprotocols = endpoint, protocol, subprotocols
        self._handshake = H11Handshake(ConnectionType.CLIENT)
        self._wire = endpoint.transport_for(protocol)
        self._is_open = False
        self._rejected: ConnectionRejected | None = None
        self.done: Deferred[WebSocketProtocol] = Deferred(lambda deferred: self.transport.abortConnection())

    def connectionMade(self) -> None:
        self._protocol.negotiationStarted(self._wire)
        try:
            request = self._endpoint.greeting(self._subprotocols, [self._wire.compression()])
            self.transport.write(self._handshake.send(request))
        except (LocalProtocolError, ValueError) as problem:  # a header, a name of a host or of a subprotocol
            self._give_up(problem)

    def dataReceived(self, data: bytes) -> None:
        if not self._is_open:
            data = self._read_answer(data)
        if self._is_open and data:
            self._wire.dataReceived(data)

    def _read_answer(self, data: bytes) -> bytes:
        """Read the answer line by line, since frames may follow its last one. Returns these."""
        lines = data.splitlines(keepends=True)
        for number, line in enumerate(lines, 1):
            try:
                self._handshake.receive_data(line)
            except (RemoteProtocolError, ValueError) as problem:  # the latter: a number or a name that is none
                self._give_up(problem)
                break
            for event in self._handshake.events():
                self._act(event)
            if self._is_open:
                return b"".join(lines[number:])
        return b""

    def _act(self, event: events.Event) -> None:
        if isinstance(event, events.AcceptConnection):
            self._is_open = True
            self._wire.agreed(event.subprotocol, event.extensions)
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
