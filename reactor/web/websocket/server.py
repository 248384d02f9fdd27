"""A resource at which clients open WebSockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wsproto import ConnectionType

from reactor.web import pages, status
from reactor.web.resource import Resource
from reactor.web.server import NOT_DONE_YET
from reactor.web.websocket import handshake
from reactor.web.websocket.protocol import WebSocketServerFactory
from reactor.web.websocket.wire import WebSocketTransport

if TYPE_CHECKING:
    from reactor.web.server import Request


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
        headers = request.requestHeaders
        if request.clientproto != b"HTTP/1.1" or not headers.hasHeader(b"upgrade"):
            request.setHeader(b"upgrade", b"websocket")
            return self._refused(request, status.UPGRADE_REQUIRED, "There is a WebSocket here, and no page.")
        try:
            asked = handshake.read_request(headers)
        except handshake.BadHandshake as problem:
            request.setHeader(b"sec-websocket-version", b"13")
            return self._refused(request, status.BAD_REQUEST, f"This is no request for a WebSocket: {problem}.")
        if not self._may_open(request):
            return self._refused(request, status.FORBIDDEN, "Pages of that origin may not open this WebSocket.")
        protocol = self.factory.buildProtocol(request)
        if protocol is None:
            return pages.forbidden().render(request)
        return self._accept(request, asked, protocol)

    def _accept(self, request: Request, asked: handshake.Asked, protocol: Any) -> int:
        channel = request.channel
        wire = self.transport(ConnectionType.SERVER, protocol, channel.factory.clock_of(channel.transport))
        subprotocol = next((name for name in self.factory.protocols if name in asked.subprotocols), None)
        extensions: list[Any] = [wire.compression()] if self._compress else []
        answer = handshake.answer(asked, subprotocol, extensions)
        wire.agreed(subprotocol, extensions)
        request.setResponseCode(101)
        channel.factory.log(request)
        protocol.negotiationStarted(wire)
        channel.write(answer)
        channel.take_over(wire)
        return NOT_DONE_YET

    def _may_open(self, request: Request) -> bool:
        origins = handshake.origins(request.requestHeaders)
        if not origins:  # the client is no browser
            return True
        if len(origins) > 1:
            return False
        if self._allowed is not None:
            return origins[0] in self._allowed or "*" in self._allowed
        return handshake.is_of_host(origins[0], (request.requestHeaders.last(b"host") or b"").decode("latin-1"))

    def _refused(self, request: Request, code: int, why: str) -> bytes:
        return pages.errorPage(code, status.RESPONSES[code].decode("ascii"), why).render(request)
