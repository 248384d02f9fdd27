"""One side of an open WebSocket, client or server: wsproto turns frames into messages; this decides how it ends.

    OPEN      messages go both ways
    CLOSING   we have said goodbye; the peer has some seconds to answer (RFC 6455, section 7.1.2), from when it has read
              all before
    CLOSED    the connection is closing, or lost

A message may have `maxMessageBytes`, before and after decompression: a peer that sends more is dismissed (1009). A
silent peer gets a ping, and is given up if it doesn't answer. We don't read from a peer that sends but doesn't read:
else an echo server would fill its memory with answers.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from typing import Any

from wsproto import ConnectionType, events
from wsproto.connection import Connection, ConnectionState
from wsproto.extensions import Extension
from wsproto.utilities import LocalProtocolError

from reactor import error, log
from reactor.failure import Failure
from reactor.protocol import connectionDone
from reactor.web.moving_deadline import Patience
from reactor.web.websocket.backlog import Backlog, Brake
from reactor.web.websocket.limits import BoundedDeflate, MessageLimit
from reactor.web.websocket.protocol import WebSocketProtocol

NORMAL, INTERNAL_ERROR = 1000, 1011  # RFC 6455, section 7.4.1
_GOING_ON = (ConnectionState.OPEN, ConnectionState.LOCAL_CLOSING)  # wsproto's: it has not seen the peer's goodbye


class State(Enum):
    """The stages of a WebSocket's life: see the top of this file."""

    OPEN = auto()
    CLOSING = auto()
    CLOSED = auto()


class WebSocketTransport:
    """Sends messages. A WebSocketProtocol has one as its `transport`.

    maxMessageBytes: how many bytes a received message may have. Text is counted as UTF-8. For each 64 of
        these bytes it may have one frame, and 1000 more.
    pingInterval: after so many seconds of silence the peer gets a ping; after as many more it is given up. None for
        never.
    closeTimeout: how many seconds the peer has to answer our goodbye, while it reads nothing of what we sent before.
    closeCode, closeReason: the code and the text of the peer's goodbye; None before it.
    subprotocol: the one that both sides agreed on, or None.
    """

    maxMessageBytes = 16 * 1024 * 1024
    pingInterval: float | None = 30.0
    closeTimeout = 5.0
    closeCode: int | None = None
    closeReason: str | None = None
    subprotocol: str | None = None

    def __init__(self, side: ConnectionType, protocol: WebSocketProtocol, clock: Any) -> None:
        self.state = State.OPEN
        self._side = side
        self._limit = MessageLimit()
        self._wire: Any = None
        self._protocol = protocol
        self._patience = Patience(clock, self._too_late)
        self._message: Any = (
            None  # what has come of a message so far: a file of bytes or of text, which joins pieces well
        )
        self._is_asked = False
        self._transport: Any = None
        self._backlog = Backlog(None)
        self._brake: Brake | None = None
        self._is_paused = self._is_held = False

    # --- for the protocol

    def sendTextMessage(self, text: str) -> None:
        """Send a text message; ignored after a goodbye. Raises TypeError for anything but str."""
        if not isinstance(text, str):
            raise TypeError(f"sendTextMessage takes text, not {type(text).__name__}: bytes go by sendBytesMessage")
        self._send(events.TextMessage(text))

    def sendBytesMessage(self, data: bytes) -> None:
        """Send a binary message; ignored after a goodbye. Raises TypeError for anything but bytes."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"sendBytesMessage takes bytes, not {type(data).__name__}: text goes by sendTextMessage")
        self._send(events.BytesMessage(bytes(data)))

    def ping(self, payload: bytes = b"") -> None:
        """Send a ping. The answer comes to `pongReceived` with the same payload. Raises ValueError above 125 bytes."""
        if len(payload) > 125:
            raise ValueError(f"a ping has room for 125 bytes, not {len(payload)}")
        self._send(events.Ping(payload))

    def loseConnection(self, code: int = NORMAL, reason: str = "") -> None:
        """Say goodbye, after what was sent. The connection closes when the peer answers, or takes too long."""
        if self.state is State.OPEN:
            self._send(events.CloseConnection(code, reason))
            self.state = State.CLOSING
            self._let_go()  # its answer has to be read: what else comes makes us send no more
            self._wait_for_end()

    def abortConnection(self) -> None:
        """Close at once, without a goodbye. What was not sent yet is lost."""
        getattr(self._transport, "abortConnection", self._transport.loseConnection)()

    def attachProducer(self, producer: Any) -> None:
        """Register a push producer of messages: it is paused while the peer doesn't read them."""
        self._let_go()
        self._transport.registerProducer(producer, True)

    def detachProducer(self) -> None:
        """Unregister the producer: it has no more to send."""
        self._transport.unregisterProducer()
        self._watch_peer()

    def pauseProducing(self) -> None:
        """Stop receiving messages, until `resumeProducing`."""
        self._is_paused = True
        self._read_or_not()

    def resumeProducing(self) -> None:
        """Receive messages again."""
        self._is_paused = False
        self._read_or_not()

    def _hold(self, held: bool) -> None:
        self._is_held = held
        self._read_or_not()

    def _read_or_not(self) -> None:
        if self.state is State.OPEN and (self._is_paused or self._is_held):
            self._transport.pauseProducing()
        else:
            self._transport.resumeProducing()

    def _watch_peer(self) -> None:
        if self.state is State.OPEN:
            self._brake = Brake(self._hold)
            self._transport.registerProducer(self._brake, True)

    def _let_go(self) -> None:
        if self._brake is not None:
            self._brake = None
            self._transport.unregisterProducer()
        self._hold(False)

    def getPeer(self) -> Any:
        """The address of the other side."""
        return self._transport.getPeer()

    def getHost(self) -> Any:
        """The address of this side."""
        return self._transport.getHost()

    def _send(self, event: events.Event) -> None:
        if self.state is State.OPEN:
            self._backlog.write(self._wire.send(event))

    def compression(self) -> BoundedDeflate:
        """What to offer to the peer, or to accept from it, so that messages are compressed."""
        return BoundedDeflate(self._limit)

    def agreed(self, subprotocol: str | None, extensions: Iterable[Extension]) -> None:
        """The handshake is complete; `makeConnection` follows."""
        self.subprotocol = subprotocol
        self._wire = Connection(self._side, [*extensions, self._limit])

    # --- for the connection, whose protocol this is

    def makeConnection(self, transport: Any) -> None:
        """The handshake is complete. Called once, before any frame."""
        self._transport, self._backlog = transport, Backlog(transport)
        self._watch_peer()
        self._patience.wait_at_most(self.pingInterval)
        self._protocol.negotiationFinished()

    def dataReceived(self, data: bytes) -> None:
        """Bytes came. An exception in one of the protocol's handlers ends this WebSocket (1011)."""
        if self.state is State.CLOSED:
            return
        self._is_asked = False
        self._limit.most = self.maxMessageBytes
        if self.state is State.OPEN:
            self._patience.wait_at_most(self.pingInterval)
        try:
            for event in self._events(data):
                self._act(event)
        except KeyboardInterrupt:  # of the user's: it ends the loop
            raise
        except BaseException:
            log.err(None, f"in a handler of {self._protocol!r}")
            self._dismiss(INTERNAL_ERROR, "")

    def _events(self, data: bytes) -> Iterator[events.Event]:
        self._wire.receive_data(data)
        for event in self._wire.events():
            if self.state is State.CLOSED:
                return
            yield event

    def _act(self, event: events.Event) -> None:
        if isinstance(event, events.Message):
            self._piece_came(event)
        elif isinstance(event, events.Ping):
            self._send(event.response())
        elif isinstance(event, events.Pong):
            self._protocol.pongReceived(bytes(event.payload))
        elif isinstance(event, events.CloseConnection):
            self._goodbye_came(event)

    def _piece_came(self, event: events.Message[Any]) -> None:
        if self.state is not State.OPEN:
            return
        data = event.data
        if self._message is not None or not event.message_finished:
            self._message = self._message or (io.StringIO() if isinstance(event, events.TextMessage) else io.BytesIO())
            self._message.write(data)
        if event.message_finished:
            if self._message is not None:
                data, self._message = self._message.getvalue(), None
            if isinstance(event, events.TextMessage):
                self._protocol.textMessageReceived(data)
            else:
                self._protocol.bytesMessageReceived(bytes(data))

    def _goodbye_came(self, event: events.CloseConnection) -> None:
        if self._wire.state in _GOING_ON:  # it is wsproto's: this is how it says that a frame is wrong
            too_long = f"a message has {self.maxMessageBytes} bytes at most"
            self._dismiss(int(event.code), too_long if self._limit.is_exceeded else event.reason or "")
            return
        self.closeCode, self.closeReason = int(event.code), event.reason
        if self.state is State.OPEN:
            self._send(event.response())
        self._close(self._transport.loseConnection)

    def _close(self, how: Callable[[], object]) -> None:
        self.state = State.CLOSED
        self._message = None
        self._let_go()
        self._wait_for_end()
        how()

    def _dismiss(self, code: int, reason: str) -> None:
        """Say goodbye and close, without waiting for an answer: the peer broke the rules, or our handler failed.

        Our direction first. To close with bytes unread is to reset the connection, and the goodbye would be lost.
        """
        if self.state is State.CLOSED:
            return
        try:
            self._send(events.CloseConnection(code, reason))
        except LocalProtocolError:
            pass  # the peer's own goodbye was wrong, and wsproto has left OPEN: there is no answer to that
        self.closeCode = self.closeCode or code
        self._close(getattr(self._transport, "loseWriteConnection", self._transport.loseConnection))

    # --- time

    def _wait_for_end(self) -> None:
        """The peer has some seconds, from now or from when the backlog is gone."""
        self._backlog.watch()
        self._patience.wait_at_most(self.closeTimeout)

    def _too_late(self) -> None:
        """Nothing has come for too long: no message, or no answer to our goodbye. The timer calls this."""
        if self.state is not State.OPEN:
            self._end_is_late()
        elif self._backlog.unsent() and self._backlog.has_shrunk():
            self._is_asked = False
            self._patience.wait_at_most(self.pingInterval)
        elif self._is_asked and not self._is_paused:
            self.abortConnection()
        else:
            self.ping()
            self._is_asked = True
            self._patience.wait_at_most(self.pingInterval)

    def _end_is_late(self) -> None:
        if self._backlog.has_shrunk():
            self._patience.wait_at_most(self.closeTimeout)
        elif self.state is State.CLOSING and not self._backlog.unsent():
            self._close(self._transport.loseConnection)  # what the kernel holds for a slow reader still arrives
        else:
            self.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone."""
        if self.closeCode is None and reason.check(error.ConnectionDone):
            reason = Failure(error.ConnectionLost("the peer closed the connection without a goodbye"))
        self.state = State.CLOSED
        self._brake = None
        self._patience.stop()
        self._protocol.connectionLost(reason)
