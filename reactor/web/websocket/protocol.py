"""What you write for a WebSocket: a protocol of messages, and who makes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from reactor.failure import Failure
from reactor.protocol import connectionDone

if TYPE_CHECKING:
    from reactor.web.websocket.wire import WebSocketTransport


class WebSocketProtocol:
    """The meaning of one WebSocket's messages. Override what you care about.

    transport: sends messages, from `negotiationStarted` on; only after `negotiationFinished` do they leave.
    """

    transport: WebSocketTransport

    def negotiationStarted(self, transport: WebSocketTransport) -> None:
        """The connection is there; whether it becomes a WebSocket isn't known yet."""
        self.transport = transport

    def negotiationFinished(self) -> None:
        """It is a WebSocket: messages can come and go."""

    def textMessageReceived(self, message: str) -> None:
        """A message of text came, whole."""

    def bytesMessageReceived(self, data: bytes) -> None:
        """A message of bytes came, whole."""

    def pongReceived(self, payload: bytes) -> None:
        """The peer has answered a ping; or says that it lives, without being asked."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """It is over; called once, last. reason: ConnectionDone after a goodbye of both sides, else ConnectionLost.

        What the peer said with its goodbye is `transport.closeCode` and `closeReason`.
        """


class _Factory:
    """protocol: what to call for a new one."""

    protocol: Callable[[], WebSocketProtocol] | None = None

    @classmethod
    def forProtocol(cls, protocol: Callable[[], WebSocketProtocol]) -> Self:
        """A factory for this protocol, when there is no more to say."""
        factory = cls()
        factory.protocol = protocol
        return factory

    def _build(self) -> WebSocketProtocol:
        assert self.protocol is not None, f"{type(self).__name__}.protocol is not set: nothing can be built"
        return self.protocol()


class WebSocketServerFactory(_Factory):
    """Makes a protocol for each WebSocket that a client opens. Given to a WebSocketResource.

    protocols: the names of what is spoken over it, the best first; empty for no name (the header
        Sec-WebSocket-Protocol).
    """

    protocols: tuple[str, ...] = ()

    def buildProtocol(self, request: Any) -> WebSocketProtocol | None:
        """A protocol for the client that sent `request`; None turns it away (403)."""
        return self._build()


class WebSocketClientFactory(_Factory):
    """Makes the protocol for a WebSocket that we open. protocols: names to offer for what is spoken over it."""

    protocols: tuple[str, ...] = ()

    def buildProtocol(self, url: str) -> WebSocketProtocol:
        """A protocol for the connection to `url`."""
        return self._build()
