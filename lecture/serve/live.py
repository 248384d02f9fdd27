"""Where pages open their WebSocket: the door's rules, asked before anything is agreed to."""

from __future__ import annotations

from typing import Any

from lecture.serve.audience import Audience
from lecture.serve.door import Door
from lecture.serve.listener import Listener, LiveTransport
from reactor.web import pages, status
from reactor.web.websocket import WebSocketResource, WebSocketServerFactory


class Live(WebSocketResource):
    """Refuses with 403 who may not come in, with 503 who finds no room."""

    transport = LiveTransport

    def __init__(self, audience: Audience, door: Door) -> None:
        self._audience = audience
        # The door asks for the origin, by its own and stricter rules. Messages are short, and 50 copies of one are not
        # worth packing 50 times.
        super().__init__(_Factory(audience, door), allowedOrigins=["*"], compress=False)

    def render_GET(self, request: Any) -> Any:
        """Answer the handshake."""
        if self._audience.is_full:
            return pages.errorPage(status.SERVICE_UNAVAILABLE, "The room is full", "Try again later.").render(request)
        return super().render_GET(request)


class _Factory(WebSocketServerFactory):
    def __init__(self, audience: Audience, door: Door) -> None:
        self._audience, self._door = audience, door

    def buildProtocol(self, request: Any) -> Listener | None:
        role = self._door.role(request)
        return None if role is None else Listener(self._audience, role, self._door.is_here(request))
