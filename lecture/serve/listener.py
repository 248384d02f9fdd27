"""One page that is open somewhere: the server's end of its WebSocket.

A page that doesn't read must cost little: while its connection takes nothing, its messages wait here, and when too
many wait it is dropped. It may come back, and is told then where the talk is.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from lecture.serve import messages
from lecture.serve.door import Role
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.web.websocket import WebSocketProtocol, WebSocketTransport

if TYPE_CHECKING:
    from lecture.serve.audience import Audience

MOST_WAITING = 500  # messages. A page that is alive is seldom ten behind
MOST_WAITING_CHARACTERS = 1024 * 1024
GOING_AWAY, AGAINST_THE_RULES = 1001, 1008  # RFC 6455, section 7.4.1


class LiveTransport(WebSocketTransport):
    """With our limit on messages, instead of the 16 MB that it has otherwise."""

    maxMessageBytes = messages.MOST_BYTES


class Listener(WebSocketProtocol):
    """A page. role: what it may do. is_here: whether it is open on this machine, as far as its address tells."""

    def __init__(self, audience: Audience, role: Role, is_here: bool) -> None:
        self.role, self.is_here = role, is_here
        self._audience = audience
        self._waiting: deque[str] = deque()
        self._waiting_characters = 0
        self._is_paused = False
        self._has_gone = False

    def negotiationFinished(self) -> None:
        """The page has come."""
        self.transport.attachProducer(self)
        self._audience.came(self)

    def textMessageReceived(self, message: str) -> None:
        """The page says something. Our pages say nothing wrong, so one that does is not ours, and is sent away."""
        try:
            self._audience.heard(self, messages.parse(message))
        except messages.BadMessage as problem:
            self.close(AGAINST_THE_RULES, str(problem))

    def bytesMessageReceived(self, data: bytes) -> None:
        """As above."""
        self.close(AGAINST_THE_RULES, "messages are text here")

    def send(self, text: str) -> None:
        """Send a message, or keep it until the page takes some."""
        if not self._is_paused:
            self.transport.sendTextMessage(text)
            return
        self._waiting.append(text)
        self._waiting_characters += len(text)
        if len(self._waiting) > MOST_WAITING or self._waiting_characters > MOST_WAITING_CHARACTERS:
            self.stopProducing()
            self.transport.abortConnection()

    def close(self, code: int, why: str = "") -> None:
        """Say goodbye: the server ends, or the page broke the rules."""
        self.transport.detachProducer()
        self.transport.loseConnection(code, why.encode()[:120].decode(errors="ignore"))

    def pauseProducing(self) -> None:
        """The page takes too little. Called by the transport."""
        self._is_paused = True

    def resumeProducing(self) -> None:
        """The page has caught up. Called by the transport."""
        self._is_paused = False
        while self._waiting and not self._is_paused:
            text = self._waiting.popleft()
            self._waiting_characters -= len(text)
            self.transport.sendTextMessage(text)

    def stopProducing(self) -> None:
        """What waits is not needed any more. Called by the transport when the page has gone."""
        self._waiting.clear()
        self._waiting_characters = 0

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The page has gone."""
        if not self._has_gone:
            self._has_gone = True
            self._audience.went(self)
