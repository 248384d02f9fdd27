"""A resource at which clients open WebSockets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from wsproto import ConnectionType, events
from wsproto.extensions import PerMessageDeflate
from wsproto.handshake import H11Handshake
from wsproto.utilities import RemoteProtocolError

from reactor.web import pages, status
from reactor.web.resource import Resource
from reactor.web.server import NOT_DONE_YET
from reactor.web.websocket.protocol import WebSocketServerFactory
from reactor.web.websocket.wire import WebSocketTransport

if TYPE_CHECKING:
    from reactor.web.server import Request


_KEY = re.compile(rb"[A-Za-z0-9+/]{22}==")  # 16 bytes in base64: RFC 6455, section 4.1


class WebSocketResource(Resource):
    """A place in a site's tree where clients open WebSockets.

    factory: makes the protocols.
    allowedOrigins: the origins whose pages may open one, such as "https://example.org"; "*" allows all, None only the
        origin of this site. A browser lets any page open a WebSocket to any host, with the user's cookies, so the
        server has to check.
    compress: whether messages may be compressed (permessage-deflate).
    """

    isLeaf = True
    transport = WebSocketTransport
    """The class of the transports. Derive from WebSocketTransport to change its limits."""

    def __init__(
        self,
        factory: WebSocketServerFactory,
        allowedOrigins: list[str] | None = None,
        compress: bool = True,
    ) -> None:
        super().__init__()
        self.factory = factory
        self._allowed = allowedOrigins
        self._compress = compress

    def render_GET(self, request: Request) -> Any:
        """Answer the handshake, and give the connection to the transport. Refuse any other request."""
        handshake = H11Handshake(ConnectionType.SERVER)
        headers = [(name, value) for name, values in request.requestHeaders.getAllRawHeaders() for value in values]
        if request.clientproto != b"HTTP/1.1" or request.requestHeaders.last(b"upgrade") is None:
            request.setHeader(b"upgrade", b"websocket")
            return self._refused(request, status.UPGRADE_REQUIRED, "There is a WebSocket here, and no page.")
        if not _KEY.fullmatch(request.requestHeaders.last(b"sec-websocket-key") or b""):
            return self._refused(request, status.BAD_REQUEST, "This is no request for a WebSocket: its key is missing.")
        try:
            handshake.initiate_upgrade_connection(headers, request.uri)
        except RemoteProtocolError as problem:
            request.setHeader(b"sec-websocket-version", b"13")
            return self._refused(request, status.BAD_REQUEST, f"This is no request for a WebSocket: {problem}.")
        if not self._may_open(request):
            return self._refused(request, status.FORBIDDEN, "Pages of that origin may not open this WebSocket.")
        protocol = self.factory.buildProtocol(request)
        if protocol is None:
            return pages.forbidden().render(request)
        return self._accept(request, handshake, protocol)

    def _accept(self, request: Request, handshake: H11Handshake, protocol: Any) -> int:
        asked = next(event for event in handshake.events() if isinstance(event, events.Request))
        subprotocol = next((name for name in self.factory.protocols if name in asked.subprotocols), None)
        extensions: list[Any] = [PerMessageDeflate()] if self._compress else []
        answer = handshake.send(events.AcceptConnection(subprotocol=subprotocol, extensions=extensions))
        assert handshake.connection is not None
        channel = request.channel
        wire = self.transport(handshake.connection, protocol, channel.factory.clock_of(channel.transport))
        wire.subprotocol = subprotocol
        request.setResponseCode(101)
        channel.factory.log(request)
        protocol.negotiationStarted(wire)
        channel.write(answer)
        channel.take_over(wire)
        return NOT_DONE_YET

    def _may_open(self, request: Request) -> bool:
        origin = request.requestHeaders.last(b"origin")
        if origin is None:  # the client is no browser
            return True
        if self._allowed is not None:
            return origin.decode("latin-1") in self._allowed or "*" in self._allowed
        host = request.requestHeaders.last(b"host") or b""
        return urlsplit(origin.decode("latin-1")).netloc.lower() == host.decode("latin-1").lower()

    def _refused(self, request: Request, code: int, why: str) -> bytes:
        return pages.errorPage(code, status.RESPONSES[code].decode("ascii"), why).render(request)
