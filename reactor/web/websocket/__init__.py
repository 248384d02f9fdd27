"""WebSocket (RFC 6455): messages both ways over what began as a request for a page.

    class Echo(WebSocketProtocol):
        def textMessageReceived(self, message):
            self.transport.sendTextMessage(message)

    root.putChild(b"echo", WebSocketResource(WebSocketServerFactory.forProtocol(Echo)))           # the server
    protocol = await WebSocketClientEndpoint.new(reactor, "ws://example.org/echo").connect(factory)      # the client

The names are those of twisted.web.websocket; but here you derive from WebSocketProtocol and the factories.
"""

from reactor.extras import installed_by

with installed_by("tutorial-of-doom[web]"):
    from reactor.web.websocket.client import ConnectionRejected, WebSocketClientEndpoint
    from reactor.web.websocket.protocol import WebSocketClientFactory, WebSocketProtocol, WebSocketServerFactory
    from reactor.web.websocket.server import WebSocketResource
    from reactor.web.websocket.wire import WebSocketTransport

__all__ = [
    "ConnectionRejected",
    "WebSocketClientEndpoint",
    "WebSocketClientFactory",
    "WebSocketProtocol",
    "WebSocketResource",
    "WebSocketServerFactory",
    "WebSocketTransport",
]
