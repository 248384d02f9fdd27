"""One connection of a server: it reads a request, has it answered, and only then looks at the next one.

A client may send many requests without waiting for answers (pipelining). While one is answered, the channel stops
reading: at most one read's worth waits in memory, and the rest in the kernel, until the client can send no more. The
other way round, the transport says when too much waits to be sent: then the channel answers no further request until
the client has taken some.

    state      what the channel waits for                how long
    IDLE       the first byte of a request               timeOut, then it closes
    HEAD       the rest of the request's head            headerTimeout in all, then 408
    BODY       the rest of its body                      as long as minimumRate bytes a second come
    ANSWERING  the program                               for ever, if the client takes minimumRate bytes a second
    CLOSING    the client, to take what waits for it     the same
    DRAINING   the client, to read our refusal and go    lingerTimeout
    TAKEN      nothing: another protocol has the connection
    GONE       nothing: the connection is lost
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from reactor.failure import Failure
from reactor.protocol import Protocol, connectionDone
from reactor.stand_in import step_aside
from reactor.web import status
from reactor.web.counted_connection import CountedConnection
from reactor.web.fair_share import STEPS_A_TURN, Share
from reactor.web.moving_deadline import Patience
from reactor.web.reading import BadRequest, Body, Head, PlainReader, RequestReader, plain_head
from reactor.web.writing import refusal

if TYPE_CHECKING:
    from reactor.web.http import HTTPFactory
    from reactor.web.request import Request


class State(Enum):
    """What a channel waits for: the table above says what each member means."""

    IDLE = auto()
    HEAD = auto()
    BODY = auto()
    ANSWERING = auto()
    CLOSING = auto()
    DRAINING = auto()
    TAKEN = auto()
    GONE = auto()


_READING = (State.IDLE, State.HEAD, State.BODY)
_IDLE, _ANSWERING, _TAKEN = State.IDLE, State.ANSWERING, State.TAKEN  # looking up a member costs time at each request

_REQUESTS_A_TURN = range(100)  # plain ones, of one client; then others go first
_STEPS_OF_A_HEAD = 10  # of its share: one that isn't plain takes as long as so many pieces of a body
_LINE_ENDS = (b"\r", b"\n")  # of empty lines, which are ignored (RFC 9112, section 2.2); a read may cut them in two


class HTTPChannel(Protocol):
    """The protocol of a server's connections. An HTTPFactory makes it, and sets its limits.

    request: the one that is being read or answered, None between two.
    persistent: whether the connection stays open after that one.
    requestFactory: makes its requests instead of the factory's, if it is set before the first one comes.
    """

    factory: HTTPFactory
    requestFactory: Callable[[HTTPChannel], Request] | None = None

    def __init__(self) -> None:
        self.state = State.IDLE
        self.request: Request | None = None
        self.persistent = True
        self._unread = b""
        self._reader: RequestReader | PlainReader | None = None
        self._is_serving = False
        self._is_held = False  # the transport has too much to send: answer nothing more
        self._is_producing = False  # the channel is registered with the transport, which tells it so
        self._does_read = True
        self._received = self._written = 0  # bytes of this body; bytes of all answers
        self._mark: tuple[Any, int] = (None, 0)  # what `_is_slow` looked at last, and how many bytes had moved then
        self._successor: Any = None

    @property
    def site(self) -> Any:
        """The factory, which is a Site as a rule."""
        return self.factory

    # --- reading

    def connectionMade(self) -> None:
        """Wait for the first request."""
        clock = self.factory.clock_of(self.transport)
        self._share, self._patience = Share(clock, self._next_turn), Patience(clock, self._too_late)
        self._patience.wait_at_most(self.factory.timeOut)

    def dataReceived(self, data: bytes) -> None:
        """Use these bytes as the state says. Called by the transport."""
        state = self.state
        self._share.left = STEPS_A_TURN
        if state is _IDLE:
            self._unread += data
            self._serve()
        elif state is _TAKEN:
            self._successor.dataReceived(data)
        elif state is _ANSWERING:
            self._unread += data
            self._stop_reading()
        elif state is State.HEAD or state is State.BODY:
            self._go_on(self._read_head if state is State.HEAD else self._read_body, data)

    def _serve(self) -> None:
        """Answer the requests that have come, until one of them, the client, or the end of its share makes us wait."""
        if self._is_serving:
            return
        self._is_serving = True
        try:
            for _ in _REQUESTS_A_TURN:
                if not self._unread or self.state is not _IDLE or self._is_held or not self._begin_request():
                    break
            else:
                self._share.wait()
        finally:
            self._is_serving = False
        if self.state in _READING and self._share.is_waiting:
            self._stop_reading()
        elif not self._does_read and self.state in _READING and not self._is_held:
            self._does_read = True
            self.transport.resumeProducing()

    def _next_turn(self) -> None:
        """Use what has come and waits here. Called by the share."""
        if self.state is State.BODY:
            self._go_on(self._read_body)
        self._serve()

    def _begin_request(self) -> bool:
        """Read a request, and answer it if it is whole. Returns whether the client may have another in this turn."""
        found = plain_head(self._unread, self.factory.maxHeaderBytes)
        if found is not None:
            head, end = found
            self._unread = self._unread[end:]
            if not head.length:
                self._meet(head)
                self._answer()
                return True
            self._reader = PlainReader(head)
        elif self._unread[:1] in _LINE_ENDS:
            self._unread = self._unread.lstrip(b"\r\n")
            return True
        elif not self._share.take(_STEPS_OF_A_HEAD):
            return False
        else:
            self._reader = RequestReader(self.factory.maxHeaderBytes)
            self._patience.wait_at_most(self.factory.headerTimeout)
        data, self._unread = self._unread, b""
        self.state = State.HEAD
        self._go_on(self._read_head, data)
        return True

    def _go_on(self, read: Callable[[], None], data: bytes = b"") -> None:
        assert self._reader is not None
        if data:
            self._reader.feed(data)
        try:
            read()
        except BadRequest as problem:
            self._refuse(problem.code, str(problem))

    def _read_head(self) -> None:
        assert self._reader is not None
        head = self._reader.head()
        if head is None:
            return
        if head.length is not None and head.length > self.factory.maxBodyBytes:
            raise BadRequest(status.REQUEST_ENTITY_TOO_LARGE, f"at most {self.factory.maxBodyBytes} bytes are taken")
        request = self._meet(head)
        self.state = State.BODY
        self._received, self._mark = 0, ((State.BODY, request), 0)
        self._patience.wait_at_most(self.factory.timeOut)
        request.gotLength(head.length)
        if self._reader.client_waits:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._read_body()

    def _read_body(self) -> None:
        assert self._reader is not None
        while self.state is State.BODY and self.request is not None:
            if self._reader.is_slow and not self._share.take(1):
                self._stop_reading()
                return
            piece = self._reader.body()
            if piece is Body.UNFINISHED:
                return
            if piece is Body.ENDS:
                self._unread, self._reader = self._reader.rest(), None
                self._answer()
                self._serve()
                return
            self._received += len(piece)
            if self._received > (most := self.factory.maxBodyBytes):
                raise BadRequest(status.REQUEST_ENTITY_TOO_LARGE, f"at most {most} bytes are taken")
            self.request.handleContentChunk(piece)

    def _meet(self, head: Head) -> Request:
        request = (self.requestFactory or self.factory.requestFactory)(self)
        request.head_received(head)
        self.persistent = head.persistent
        self.request = request
        return request

    def _answer(self) -> None:
        """The request is whole: let the program answer it."""
        self.state = _ANSWERING
        assert self.request is not None
        self.request.requestReceived()

    def _stop_reading(self) -> None:
        if self._does_read:
            self._does_read = False
            self.transport.pauseProducing()

    # --- answering: called by the request

    def write(self, data: bytes) -> None:
        """Send this as part of the answer."""
        self._written += len(data)
        self.transport.write(data)

    def requestDone(self, request: Request) -> None:
        """The answer is complete. On to the next request, or the end."""
        if self.request is not request:
            return
        was_reading = self.state is State.BODY
        self.request = None
        if was_reading:  # the program answered before the body was whole: the rest may be long, and it wants none of it
            self._linger()
        elif self.persistent:
            self.state = _IDLE
            self._patience.wait_at_most(self.factory.timeOut)
            if self._unread or not self._does_read:
                self._be_told_of_room()
                self._serve()
        else:
            self.loseConnection()

    def loseConnection(self) -> None:
        """Close, once what was written is sent."""
        if self.state is State.GONE:
            return
        self._be_deaf()
        self.state = State.CLOSING
        self._unread = b""
        self._mark = ((self.state, self.request), self._taken())
        self._patience.wait_at_most(self.factory.timeOut)
        self.transport.loseConnection()

    def abortConnection(self) -> None:
        """Close at once: a response that is cut must not look complete."""
        if self.state is State.GONE:
            return
        self.state = State.CLOSING
        self._unread = b""
        getattr(self.transport, "abortConnection", self.transport.loseConnection)()

    def take_over(self, successor: Any) -> None:
        """Give the connection to `successor`, a protocol: HTTP was only the way to it (101).

        It gets the bytes that came behind the request right after `makeConnection`.
        """
        self.state = State.TAKEN
        request, self.request, self._successor = self.request, None, CountedConnection(successor, self.factory)
        if request is not None:
            request.forget()
        self._be_deaf()
        self._patience.stop()
        self._share.stop()
        unread, self._unread = self._unread, b""
        if not self._does_read:
            self.transport.resumeProducing()
        step_aside(self.transport, self, self._successor, unread)

    def _refuse(self, code: int, why: str) -> None:
        """Say what is wrong with the request, and close: the channel can't know where the next one would begin."""
        request, self.request, self._reader = self.request, None, None
        if request is not None:
            request.connectionLost(Failure(BadRequest(code, why)))
            if request.startedWriting:
                self.abortConnection()
                return
        self.write(refusal(code, why))
        self._linger()

    def _linger(self) -> None:
        """Close our half, and let the client go on sending for a while.

        To close the whole with bytes unread would reset the connection, and the client would lose our answer
        (RFC 9112, section 9.6).
        """
        self._be_deaf()
        self.state = State.DRAINING
        self._unread = b""
        self._patience.wait_at_most(self.factory.lingerTimeout)
        getattr(self.transport, "loseWriteConnection", self.transport.loseConnection)()
        if not self._does_read:
            self.transport.resumeProducing()

    # --- producers: the program's; while it has none, the channel itself

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let `producer` write the answer as fast as the client takes it."""
        self._be_deaf()
        self.transport.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        """The producer has made all of the answer."""
        self.transport.unregisterProducer()

    def _be_told_of_room(self) -> None:
        if not self._is_producing:
            self._is_producing = True
            self.transport.registerProducer(self, True)

    def _be_deaf(self) -> None:
        if self._is_producing:
            self._is_producing = self._is_held = False
            self.transport.unregisterProducer()

    def pauseProducing(self) -> None:
        """The client doesn't take its answers: answer no more for now. Called by the transport."""
        self._is_held = True
        self._stop_reading()

    def resumeProducing(self) -> None:
        """The client has taken the answers: go on. Called by the transport."""
        self._is_held = False
        self._serve()

    def stopProducing(self) -> None:
        """Nothing to do: the connection is lost, and `connectionLost` follows. Called by the transport."""

    # --- time

    def _too_late(self) -> None:
        """The deadline passed: refuse, close, or go on waiting. Called by the timer."""
        state = self.state
        if state is State.HEAD:
            self._refuse(status.REQUEST_TIMEOUT, f"a request has {self.factory.headerTimeout:g} s to come")
        elif state is State.BODY and self._is_slow(self._received):
            self._refuse(status.REQUEST_TIMEOUT, f"less than {self.factory.minimumRate} bytes a second came")
        elif state is State.IDLE:
            self.loseConnection()
        elif state is State.DRAINING or (state in (_ANSWERING, State.CLOSING) and self._is_stuck()):
            self.abortConnection()
        else:
            self._patience.wait_at_most(self.factory.timeOut)

    def _is_stuck(self) -> bool:
        """Whether the client is not taking what waits for it."""
        taken = self._taken()
        return self._is_slow(taken) and (taken < self._written or self.state is State.CLOSING)

    def _taken(self) -> int:
        """How many bytes of our answers have reached the client, or at least the kernel."""
        return self._written - int(getattr(self.transport, "pending_bytes", 0))

    def _is_slow(self, count: int) -> bool:
        """Whether fewer bytes than minimumRate asks for moved since the last call about the same state and request."""
        what, before = self._mark
        self._mark = ((self.state, self.request), count)
        return what == self._mark[0] and count - before < self.factory.minimumRate * (self.factory.timeOut or 0)

    # --- the end

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone. Called by the transport."""
        self.state = State.GONE
        if self._successor is not None:
            self._successor.connectionLost(reason)
            return
        self._patience.stop()
        self._share.stop()
        self.factory.channel_lost()
        request, self.request = self.request, None
        if request is not None:
            request.connectionLost(reason)

    def isSecure(self) -> bool:
        """Whether the connection is encrypted."""
        return bool(getattr(self.transport, "TLS", False))

    def getPeer(self) -> Any:
        """The client's address."""
        return self.transport.getPeer()

    def getHost(self) -> Any:
        """Our address."""
        return self.transport.getHost()
