"""What you write for a WebSocket: a protocol for its messages, and the factory that makes the protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from reactor.failure import Failure
from reactor.protocol import connectionDone

if TYPE_CHECKING:
    from reactor.web.websocket.wire import WebSocketTransport


class WebSocketProtocol:
    """Handles the messages of one WebSocket. Override the methods that you need.

    transport: sends messages. It is there from `negotiationStarted` on, but sends nothing before `negotiationFinished`.
    """

    transport: WebSocketTransport

    def negotiationStarted(self, transport: WebSocketTransport) -> None:
        """The connection is made, and the handshake begins. It may still fail."""
        self.transport = transport

    def negotiationFinished(self) -> None:
        """The handshake succeeded: messages can go both ways."""

    def textMessageReceived(self, message: str) -> None:
        """A whole text message came."""

    def bytesMessageReceived(self, data: bytes) -> None:
        """A whole binary message came."""

    def pongReceived(self, payload: bytes) -> None:
        """The peer answered a ping, or sent a pong that nothing asked for, to show that it is alive."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone. Called once, and last.

        reason: ConnectionDone if both sides said goodbye, else ConnectionLost. The code and the text of the peer's
            goodbye are in `transport.closeCode` and `transport.closeReason`.
        """


class _Factory:
    """protocol: called without arguments for each new WebSocket; returns its protocol."""

    protocol: Callable[[], WebSocketProtocol] | None = None

    @classmethod
    def forProtocol(cls, protocol: Callable[[], WebSocketProtocol]) -> Self:
        """A factory that makes this protocol, when you need to override nothing else."""
        factory = cls()
        factory.protocol = protocol
        return factory

    def _build(self) -> WebSocketProtocol:
        assert self.protocol is not None, f"{type(self).__name__}.protocol is not set: nothing can be built"
        return self.protocol()


class WebSocketServerFactory(_Factory):
    """Makes a protocol for each WebSocket that a client opens. Pass it to a WebSocketResource.

    protocols: the subprotocols that the server speaks, the preferred first (header Sec-WebSocket-Protocol). Empty for
        none.
    """

    protocols: tuple[str, ...] = ()

    def buildProtocol(self, request: Any) -> WebSocketProtocol | None:
        """Make a protocol for the client that sent `request`. Return None to refuse the client (403)."""
        return self._build()


class WebSocketClientFactory(_Factory):
    """Makes the protocol for a WebSocket that we open. protocols: the subprotocols that the client offers."""

    protocols: tuple[str, ...] = ()

    def buildProtocol(self, url: str) -> WebSocketProtocol:
        """Make a protocol for the connection to `url`."""
        return self._build()
