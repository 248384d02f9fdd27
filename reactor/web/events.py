"""Server-sent events: a page that never ends, to which the server adds an event now and then.

    news = EventSource()
    root.putChild(b"news", news)
    news.publish("it rains", event="weather")

In a browser, `new EventSource("/news")` listens. When the connection is lost it comes back by itself, says which event
it had last, and gets those that it missed, as far as the server remembers them.

    event: weather
    id: 7
    data: it rains
                                    (an empty line ends each event; HTML standard, section 9.2)
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Any

from reactor.failure import Failure
from reactor.web.resource import Resource
from reactor.web.server import NOT_DONE_YET

if TYPE_CHECKING:
    from reactor.web.server import Request

_ID = re.compile(rb"[0-9]{1,18}")

_WAITING_AT_MOST = 1000
"""Events that wait for a listener that doesn't take them. One with more is cut off; it may come back for them."""


def encoded(data: str, event: str | None = None, id: str | None = None, retry_ms: int | None = None) -> bytes:
    """One event, as it is sent. Raises ValueError for a line end in its kind or id: only the data may have lines."""
    fields = [("event", event), ("id", id), ("retry", None if retry_ms is None else str(retry_ms))]
    lines = []
    for name, value in fields:
        if value is None:
            continue
        if any(sign in value for sign in "\r\n\0"):
            raise ValueError(f"the {name} of an event is one line, not {value!r}")
        lines.append(f"{name}: {value}")
    text = data.replace("\r\n", "\n").replace("\r", "\n")
    lines += [f"data: {line}" for line in text.split("\n")]
    return ("\n".join(lines) + "\n\n").encode("utf-8")


class EventStream:
    """One listener. Made by an EventSource.

    request: the one by which it came; it knows the address, the cookies and so on.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self._waiting: deque[bytes] = deque()
        self._is_paused = False
        request.setHeader(b"content-type", b"text/event-stream; charset=utf-8")
        request.setHeader(b"cache-control", b"no-store")
        request.setHeader(b"x-accel-buffering", b"no")  # nginx, between us, would wait for more
        request.registerProducer(self, True)
        request.write(b"")

    def send(self, data: str, event: str | None = None, id: str | None = None) -> None:
        """Send an event to this listener alone."""
        self.write(encoded(data, event, id))

    def write(self, piece: bytes) -> None:
        """Send an event that is encoded already, or keep it until the listener takes some."""
        if not self._is_paused:
            self.request.write(piece)
        elif len(self._waiting) < _WAITING_AT_MOST:
            self._waiting.append(piece)
        else:
            self.close()

    def finish(self) -> None:
        """End the answer, after the events that were sent. (A browser comes back all the same.)"""
        self.request.unregisterProducer()
        self.request.finish()

    def close(self) -> None:
        """Cut the connection: events that wait are lost."""
        self.request.loseConnection()

    def pauseProducing(self) -> None:
        """The listener takes too little: keep events here for now. Called by the transport."""
        self._is_paused = True

    def resumeProducing(self) -> None:
        """The listener has caught up: send it the events that wait. Called by the transport."""
        self._is_paused = False
        while self._waiting and not self._is_paused:
            self.request.write(self._waiting.popleft())

    def stopProducing(self) -> None:
        """The listener is gone. Called by the transport."""
        self._waiting.clear()


class EventSource(Resource):
    """A resource to listen to. Every listener gets every event that is published.

    streams: the listeners. remember: how many events are kept for listeners that come back.
    keepAlive: seconds between comment lines, which keep proxies from taking a quiet connection for a dead one.
    """

    isLeaf = True
    remember = 100
    keepAlive = 15.0

    def __init__(self) -> None:
        super().__init__()
        self.streams: list[EventStream] = []
        self._remembered: deque[tuple[int, bytes]] = deque(maxlen=self.remember)
        self._last_id = 0
        self._timers: dict[EventStream, Any] = {}

    def publish(self, data: str, event: str | None = None) -> None:
        """Send an event to all listeners. event: its kind, for `addEventListener`; without one it is a "message"."""
        self._last_id += 1
        piece = encoded(data, event, str(self._last_id))
        self._remembered.append((self._last_id, piece))
        for stream in list(self.streams):
            stream.write(piece)

    def listenerCame(self, stream: EventStream) -> None:
        """A listener came. Override this to greet it: what you send to `stream` is for it alone."""

    def listenerWent(self, stream: EventStream) -> None:
        """A listener went. Override this to be told."""

    def render_GET(self, request: Request) -> int:
        """Add a listener: first it gets the events that it missed."""
        stream = EventStream(request)
        self._repeat(stream, request.getHeader(b"last-event-id"))
        self.streams.append(stream)
        request.notifyFinish().addBoth(self._gone, stream)
        self._keep_alive(stream, request.channel.factory.clock_of(request.channel.transport))
        self.listenerCame(stream)
        return NOT_DONE_YET

    def render_HEAD(self, request: Request) -> bytes:
        """The headers that a listener would get."""
        request.setHeader(b"content-type", b"text/event-stream; charset=utf-8")
        return b""

    def _repeat(self, stream: EventStream, last_seen: bytes | None) -> None:
        if last_seen is not None and _ID.fullmatch(last_seen):  # else it isn't one of ours: ignore it
            for number, piece in self._remembered:
                if number > int(last_seen):
                    stream.write(piece)

    def _keep_alive(self, stream: EventStream, clock: Any) -> None:
        if stream in self.streams:
            self._timers[stream] = clock.callLater(self.keepAlive, self._say_nothing, stream, clock)

    def _say_nothing(self, stream: EventStream, clock: Any) -> None:
        stream.write(b":\n\n")
        self._keep_alive(stream, clock)

    def _gone(self, result: Failure | None, stream: EventStream) -> None:
        self.streams.remove(stream)
        timer = self._timers.pop(stream)
        if timer.active():
            timer.cancel()
        self.listenerWent(stream)
