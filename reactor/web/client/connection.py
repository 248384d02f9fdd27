"""One connection to a server, over h11: a request, its response, the next request.

    QUIESCENT   no request is open; bytes from the server are an error now
    BUSY        a request is being sent, or its response is being read
    CLOSED      the connection takes no further request

The client reads no faster than the program takes the body: between the head of a response and `deliverBody`, and while
the body's receiver pauses, the transport is paused.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from reactor import error, log
from reactor.defer import Deferred, fail, maybeDeferred
from reactor.extras import installed_by
from reactor.failure import Failure
from reactor.protocol import Protocol, connectionDone
from reactor.web.client.errors import (
    PotentialDataLoss,
    ProtocolSwitched,
    RequestCancelled,
    RequestGenerationFailed,
    RequestNotSent,
    RequestTransmissionFailed,
    ResponseDone,
    ResponseFailed,
    ResponseNeverReceived,
)
from reactor.web.client.request import Request
from reactor.web.client.response import UNKNOWN_LENGTH, Response
from reactor.web.http_headers import Headers
from reactor.web.status import NO_BODY_CODES

with installed_by("tutorial-of-doom[web]"):
    import h11

_HEAD_AT_MOST = 64 * 1024
_ABOUT_THE_CONNECTION = frozenset(
    (b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailers", b"transfer-encoding", b"upgrade")
)


class State(Enum):
    """What a connection is doing: see the top of this file."""

    QUIESCENT = auto()
    BUSY = auto()
    CLOSED = auto()


class HTTP11ClientProtocol(Protocol):
    """The protocol of a client's connections.

    turned: called with this protocol when it becomes QUIESCENT again, and when its connection is lost.
    """

    def __init__(self, turned: Callable[[HTTP11ClientProtocol], object] = lambda protocol: None) -> None:
        self.state = State.QUIESCENT
        self._turned = turned
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_AT_MOST)
        self._request: Request | None = None
        self._response: Response | None = None
        self._answer: Deferred[Response] | None = None
        self._is_sent = True
        self._is_held = False
        self._is_reading = False
        self._is_lost = False
        self._has_heard = False
        self._ends_with_connection = False
        self._has_two_lengths = False
        self._failure: Failure | None = None

    # --- asking

    def request(self, request: Request) -> Deferred[Response]:
        """Send a request. The Deferred fires with the Response when its head has arrived; cancelling it closes.

        It fails with RequestNotSent, RequestGenerationFailed, RequestTransmissionFailed, ResponseNeverReceived or
        ResponseFailed, with RequestCancelled, and with ValueError for a request that can't be sent, such as one with a
        space in its method.
        """
        if self.state is not State.QUIESCENT:
            return fail(RequestNotSent(f"the connection is {self.state.name}"))
        try:
            head = self._http.send(_event_of(request))
        except Exception as problem:  # h11's, or a TypeError for a length or method of the wrong type
            self.abort()
            return fail(ValueError(f"{request.method!r} {request.absoluteURI!r} can't be sent: {problem}"))
        self.state = State.BUSY
        self._request = request
        self._has_heard = False
        answer: Deferred[Response] = Deferred(self._cancel)
        self._answer = answer
        self.transport.write(head)
        if request.bodyProducer is None:
            self._body_sent(None)
        else:
            self._is_sent = False
            self.transport.registerProducer(request.bodyProducer, True)
            maybeDeferred(request.bodyProducer.startProducing, self).addCallbacks(self._body_sent, self._body_failed)
        return answer

    def write(self, data: bytes) -> None:
        """Send a piece of the request's body. Called by its producer."""
        if not self._is_sent and self.state is State.BUSY:
            self.transport.write(self._http.send(h11.Data(data=data)))

    def _body_sent(self, result: object) -> None:
        if self.state is not State.BUSY:
            return
        if not self._is_sent:
            self._is_sent = True
            self.transport.unregisterProducer()
        try:
            self.transport.write(self._http.send(h11.EndOfMessage()) or b"")
        except h11.LocalProtocolError as problem:  # fewer bytes than were promised
            self._body_failed(Failure(problem))
            return
        self._is_sent = True
        self._read()

    def _body_failed(self, reason: Failure) -> None:
        if self.state is State.BUSY:
            if self._answer is None:
                log.err(reason, f"making the body of {self._request!r}")
            self._close(RequestGenerationFailed([reason]))

    # --- reading

    def dataReceived(self, data: bytes) -> None:
        """Read a part of the response. Called by the transport."""
        if self.state is not State.BUSY:
            self._close(RequestNotSent("the server speaks without being asked"))
            return
        self._has_heard = True
        self._http.receive_data(data)
        self._read()

    def _read(self) -> None:
        """Act on the events that h11 has, until there is no other or the body's receiver pauses."""
        if self._is_reading:
            return
        self._is_reading = True
        try:
            while self.state is State.BUSY and not self._is_held and self._take(self._http.next_event()):
                pass
        except h11.RemoteProtocolError as problem:
            self._close(problem)
        finally:
            self._is_reading = False
        if self._response is not None and self._response.is_discarded:
            self.abandon(self._response)

    def _take(self, event: object) -> bool:
        """Act on one event. Returns whether another may follow."""
        if self._http.their_state is h11.SWITCHED_PROTOCOL:
            self._close(ProtocolSwitched("the server agreed to speak another protocol, and an Agent speaks only HTTP"))
        elif isinstance(event, h11.Response):
            self._begin(event)
        elif isinstance(event, h11.Data):
            assert self._response is not None
            if not self._response.is_wanted:
                self._hold()
            self._response.piece_came(bytes(event.data))
        elif isinstance(event, h11.EndOfMessage):
            self._finish()
        else:
            return isinstance(event, h11.InformationalResponse)
        return True

    def _begin(self, event: h11.Response) -> None:
        major, minor = event.http_version.split(b".")
        assert self._request is not None
        assert self._answer is not None
        version = (b"HTTP", int(major), int(minor))
        headers, length = _headers_of(event, self._request.method), self._length_of(event, self._request.method)
        self._response = Response(version, event.status_code, event.reason, headers, length, self._request, self)
        answer, self._answer = self._answer, None
        answer.callback(self._response)

    def _length_of(self, event: h11.Response, method: bytes) -> int | str:
        """The body's length; notes what it says of the connection's further use."""
        told = dict(event.headers)
        length, is_chunked = told.get(b"content-length"), b"transfer-encoding" in told
        self._has_two_lengths = is_chunked and length is not None
        if method == b"HEAD" or event.status_code in NO_BODY_CODES:
            return 0
        if is_chunked:  # which is what counts if there are two lengths, says RFC 9112
            return UNKNOWN_LENGTH
        self._ends_with_connection = length is None
        return UNKNOWN_LENGTH if length is None else int(length)

    def _finish(self) -> None:
        response, self._response = self._response, None
        assert response is not None
        if self._takes_another_request():
            self._http.start_next_cycle()
            self.state, self._request = State.QUIESCENT, None
            self._go_on()
            self._turned(self)  # first, so that a request which the end of the body leads to finds this connection
        else:
            self.close()
        response.ended(Failure(PotentialDataLoss() if self._ends_with_connection else ResponseDone()))

    def _takes_another_request(self) -> bool:
        """Whether both sides are done, and the server has kept to the rules.

        Bytes behind the response answer no request: the next one must not take them for its own (RFC 9112, section
        9.2). A response with two lengths may be an attempt at just that (section 6.3).
        """
        both_are_done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        has_more, _ = self._http.trailing_data
        return both_are_done and not (has_more or self._has_two_lengths or self._is_lost)

    # --- holding up

    def _hold(self) -> None:
        if not self._is_held and not self._is_lost:
            self._is_held = True
            self.transport.pauseProducing()

    def _go_on(self) -> None:
        if self._is_held:
            self._is_held = False
            self.transport.resumeProducing()

    def pause(self, response: Response) -> None:
        """Stop reading: the receiver of this body has paused."""
        if response is self._response:
            self._hold()

    def body_is_wanted(self, response: Response) -> None:
        """Read on: the receiver of this body has resumed, or has just been named."""
        if response is self._response:
            self._go_on()
            self._read()

    def abandon(self, response: Response) -> None:
        """Close: the receiver wants no more of this body."""
        if response is self._response:
            self._close(ResponseFailed([Failure(error.ConnectionAborted())], response))

    # --- the end

    def abort(self) -> None:
        """Close at once."""
        self._close(error.ConnectionAborted())

    def _cancel(self, answer: Deferred[Response]) -> None:
        self._close(error.ConnectionAborted())
        answer.errback(RequestCancelled())

    def _close(self, problem: Exception) -> None:
        """Close at once because of `problem`, which `connectionLost` reports."""
        if self._failure is None:
            self._failure = Failure(problem)
        self.state = State.CLOSED
        self._stop_producer()
        self.transport.abortConnection()

    def close(self) -> None:
        """Close a connection without a request, or after a complete response; it takes no further request."""
        # A server that answered before it had the whole request may never read the rest: don't wait to send that.
        leave = self.transport.loseConnection if self._is_sent else self.transport.abortConnection
        self.state = State.CLOSED
        self._stop_producer()
        leave()

    def _stop_producer(self) -> None:
        if not self._is_sent:
            self._is_sent = True
            self.transport.unregisterProducer()
            if self._request is not None:
                self._request.bodyProducer.stopProducing()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """End what is open: the end of the connection completes some responses, and fails all others."""
        if self.state is State.BUSY and self._response is not None and self._failure is None:
            self._is_held, self._is_lost = False, True
            self._http.receive_data(b"")
            self._read()
        self.state = State.CLOSED
        self._is_sent = True
        self._fail(self._failure or reason)
        self._turned(self)

    def _fail(self, reason: Failure) -> None:
        response, self._response = self._response, None
        answer, self._answer = self._answer, None
        if response is not None:
            whole = reason if reason.check(ResponseFailed) else Failure(ResponseFailed([reason], response))
            response.ended(whole)
        if answer is not None and not answer.called:
            answer.errback(reason if reason.check(RequestGenerationFailed) else self._why_no_response(reason))

    def _why_no_response(self, reason: Failure) -> Exception:
        if self._http.our_state in (h11.SEND_BODY, h11.ERROR):
            return RequestTransmissionFailed([reason])
        return ResponseFailed([reason]) if self._has_heard else ResponseNeverReceived([reason])


def _headers_of(event: h11.Response, method: bytes) -> Headers:
    """The headers about the response. A body's length is one about the connection: decoded, it has another."""
    headers = Headers()
    for name, value in event.headers:
        if name not in _ABOUT_THE_CONNECTION and (name != b"content-length" or method == b"HEAD"):
            headers.addRawHeader(name, value)
    return headers


def _event_of(request: Request) -> h11.Request:
    headers = [(name, value) for name, values in request.headers.getAllRawHeaders() for value in values]
    if not request.headers.hasHeader(b"host"):
        headers.insert(0, (b"Host", request.uri.host_header))
    if not request.persistent:
        headers.append((b"Connection", b"close"))
    if request.bodyProducer is not None:
        length = request.bodyProducer.length
        if length == UNKNOWN_LENGTH:
            if not request.headers.hasHeader(b"content-length"):  # of two lengths, two servers might believe one each
                headers.append((b"Transfer-Encoding", b"chunked"))
        else:
            headers.append((b"Content-Length", b"%d" % length))
    elif request.method in (b"POST", b"PUT"):
        headers.append((b"Content-Length", b"0"))
    return h11.Request(method=request.method, target=request.uri.originForm, headers=headers)
