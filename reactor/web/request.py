"""One request and its answer. What a program reads is in `received_request.py`; what it writes is here.

The channel calls `process` when the request is whole, body included. The answer may take its time: `finish` ends it. If
the client goes before that, `notifyFinish` says so, and what the program still writes is ignored.
"""

from __future__ import annotations

import warnings
from typing import Any, AnyStr

from reactor import log
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.web import conditional, status
from reactor.web.channel import HTTPChannel
from reactor.web.cookies import set_cookie
from reactor.web.dates import datetimeToString
from reactor.web.discarded_body import Unheard
from reactor.web.http_headers import Headers
from reactor.web.reading import BadRequest
from reactor.web.received_request import ReceivedRequest
from reactor.web.writing import LAST_CHUNK, chunk, has_body, response_head


class Request(ReceivedRequest):
    """One request. A Site makes it, and a resource gets it in `render_GET` and its sisters.

    responseHeaders: the headers to send.
    code, code_message: the status to send, and the phrase behind it.
    startedWriting, finished: whether the head is sent; whether `finish` was called. sentLength: bytes of the body.
    """

    code = status.OK
    code_message = b"OK"
    startedWriting = finished = False
    sentLength = 0
    defaultContentType: bytes | None = b"text/html"
    """The Content-Type of an answer that has a body and sets none. None to send none."""

    _modified: int | None = None
    _is_lost = False
    _is_chunked = _has_body = False
    _promised: int | None = None
    _unheard: Unheard | None = None
    _producer: Any = None

    def __init__(self, channel: HTTPChannel) -> None:
        self.channel = channel
        self.responseHeaders = self.usual_headers()
        self._to_notify: list[Deferred[None]] = []

    def usual_headers(self) -> Headers:
        """The headers that every answer begins with."""
        return Headers()

    # --- coming in: called by the channel

    def requestReceived(self) -> None:
        """The request is whole: call `process`. What that raises is for `processingFailed` to answer."""
        if self._content is not None:
            self._content.seek(0)
        try:
            self.process()
        except KeyboardInterrupt:  # of the user's: it ends the loop
            raise
        except BaseException:
            self.processingFailed(Failure())

    def process(self) -> None:
        """Answer the request. Override this, or let `reactor.web.server.Request` find a resource that does."""
        raise NotImplementedError(f"{type(self).__name__}.process")

    def processingFailed(self, reason: Failure) -> None:
        """The program raised instead of answering: log it, and tell the client that something went wrong, not what.

        A BadRequest is the client's fault: it isn't logged, and the client is told the reason.
        """
        problem = reason.value
        if not isinstance(problem, BadRequest):
            log.err(reason, f"answering {self!r}")
        if self.startedWriting or self._is_lost:
            self.loseConnection()
            return
        self.responseHeaders = Headers({b"content-type": [b"text/plain; charset=utf-8"]})
        self.setResponseCode(problem.code if isinstance(problem, BadRequest) else status.INTERNAL_SERVER_ERROR)
        why = f": {problem}" if isinstance(problem, BadRequest) else ""
        self.write(b"%d %b%b\n" % (self.code, self.code_message, why.encode("utf-8")))
        self.finish()

    def connectionLost(self, reason: Failure) -> None:
        """The client is gone before the answer was complete. Called by the channel."""
        self._is_lost = True
        if self._unheard is not None:
            self._unheard.client_lost()
        if self.startedWriting:
            self._log()
        self.forget()
        waiting, self._to_notify = self._to_notify, []
        for deferred in waiting:
            deferred.errback(reason)

    def notifyFinish(self) -> Deferred[None]:
        """A Deferred that fires when the answer is complete, and fails if the client goes before that."""
        deferred: Deferred[None] = Deferred()
        self._to_notify.append(deferred)
        return deferred

    # --- the answer

    def setResponseCode(self, code: int, message: bytes | None = None) -> None:
        """Set the status. message: the phrase behind it. Raises TypeError for a code that is no number."""
        if not isinstance(code, int):
            raise TypeError(f"HTTP response code must be int, not {type(code).__name__}: {code!r}")
        self.code = code
        self.code_message = status.RESPONSES.get(code, b"Unknown Status") if message is None else message

    def setHeader(self, name: AnyStr, value: AnyStr) -> None:
        """Send this header, in place of the ones with its name."""
        self.responseHeaders.setRawHeaders(name, [value])

    def addCookie(self, k: AnyStr, v: AnyStr, *args: Any, **kwargs: Any) -> None:
        """Give the client a cookie to keep. k, v: its name and value.

        Then, by position or name: expires, domain, path, max_age, comment, secure, httpOnly, sameSite.
        """
        self.responseHeaders.addRawHeader(b"set-cookie", set_cookie(k, v, *args, **kwargs))

    def redirect(self, url: bytes) -> None:
        """Redirect the client, for this once (302). Call `finish` after it."""
        self.setResponseCode(status.FOUND)
        self.setHeader(b"location", url)

    def setLastModified(self, when: float) -> int | None:
        """Say when the page changed last, in seconds since 1970; a time to come counts as now.

        Of several calls the latest time counts. Returns CACHED if the client has the page: send no body.
        """
        modified = conditional.last_modified(when, self.responseHeaders.last(b"date"))
        self._modified = max(modified, self._modified or 0)
        self.setHeader(b"last-modified", datetimeToString(self._modified))
        return self._have_it(conditional.precondition(self.method, self.requestHeaders, None, self._modified))

    def setETag(self, etag: bytes) -> int | None:
        """Say which version the page is, such as b'"v7"'. Returns CACHED if a condition of the client's fails or it has
        that version: send no body.
        """
        self.setHeader(b"etag", etag)
        return self._have_it(conditional.precondition(self.method, self.requestHeaders, etag, self._modified))

    def _have_it(self, code: int | None) -> int | None:
        if code is None:
            return None
        self.setResponseCode(code)
        return status.CACHED

    def write(self, data: bytes) -> None:
        """Send this part of the body. The head goes with the first one.

        Raises RuntimeError after `finish`, ValueError for more than the Content-Length that was set.
        """
        if self.finished:
            raise RuntimeError("Request.write called on a request after Request.finish was called.")
        if self._is_lost:
            return
        head = b"" if self.startedWriting else self._begin()
        if data and self._has_body:
            self.sentLength += len(data)
            if self._promised is not None and self.sentLength > self._promised:
                raise ValueError(
                    f"a body of {self.sentLength} bytes or more, when Content-Length says {self._promised}"
                )
            self.channel.write(head + (chunk(data) if self._is_chunked else data))
        elif head or self._has_body:
            self.channel.write(head)  # b"" too: a pull producer that had nothing for once is asked again

    def _begin(self) -> bytes:
        """The head, to send with the first part. Decides how the client will know the end of the body."""
        self.startedWriting = True
        headers = self.responseHeaders
        self._has_body = has_body(self.method, self.code)
        if headers.last(b"transfer-encoding") is not None:
            headers.removeHeader(b"transfer-encoding")  # how it is sent is decided here
        length = headers.last(b"content-length")
        if self._has_body:
            self._promised = None if length is None else int(length)
            self._is_chunked = length is None and self.clientproto == b"HTTP/1.1"
            if self._is_chunked:
                headers.put(b"transfer-encoding", b"chunked")
            elif length is None:
                self.channel.persistent = False
        kind = self.defaultContentType if headers.last(b"content-type") is None and length != b"0" else None
        if kind is not None and (self._has_body or has_body(b"GET", self.code)):  # HEAD says what GET would
            headers.put(b"content-type", kind)
        self._say_whether_to_go_on(headers)
        return response_head(self.code, self.code_message, headers)

    def _say_whether_to_go_on(self, headers: Headers) -> None:
        connection = headers.last(b"connection")
        if connection is not None and b"close" in connection.lower():
            self.channel.persistent = False
        elif not self.channel.persistent:
            headers.put(b"connection", b"close")
        elif self.clientproto == b"HTTP/1.0":
            headers.put(b"connection", b"keep-alive")

    def finish(self) -> None:
        """Complete the answer. A second call warns. Raises RuntimeError if the client has gone."""
        if self._is_lost:
            raise RuntimeError(
                "Request.finish called on a request after its connection was lost; "
                "use Request.notifyFinish to keep track of this."
            )
        if self.finished:
            warnings.warn("request.finish called twice: the answer was complete", stacklevel=2)
            return
        if not self.startedWriting:
            self.write(b"")
        if self._producer is not None:
            log.err(RuntimeError(f"Producer was not unregistered for {self.uri!r}: {self._producer!r}"))
            self.unregisterProducer()
        self.finished = True
        if self._is_chunked:
            self.channel.write(LAST_CHUNK)
        self._log()
        self.forget()
        if self._promised is not None and self.sentLength != self._promised:
            log.err(f"{self!r}: {self.sentLength} bytes were sent, when Content-Length says {self._promised}")
            self.channel.abortConnection()
        else:
            self.channel.requestDone(self)
        if self._to_notify:
            waiting, self._to_notify = self._to_notify, []
            for deferred in waiting:
                deferred.callback(None)

    def _log(self) -> None:
        try:
            self.channel.factory.log(self)
        except (
            Exception
        ):  # of a factory whose `log` the program has overridden: the client gets its answer all the same
            log.err(None, f"logging {self!r}")

    def loseConnection(self) -> None:
        """Cut the connection, so that the client sees that the answer is incomplete."""
        self.channel.abortConnection()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let `producer` call `write` as fast as the client takes it: see `reactor.interfaces`.

        In an answer without a body (to HEAD, say) nothing of it is sent, but a pull producer is asked to its end.
        """
        if self._is_lost:
            producer.stopProducing()
            return
        self._producer = producer
        if streaming or (self._has_body if self.startedWriting else has_body(self.method, self.code)):
            self.channel.registerProducer(producer, streaming)
        else:
            self._unheard = Unheard(self.channel.factory.clock_of(self.channel.transport), producer)
            self._unheard.ask()

    def unregisterProducer(self) -> None:
        """The producer has written all of the answer."""
        self._producer = None
        if self._unheard is not None:
            self._unheard.stop()
            self._unheard = None
        else:
            self.channel.unregisterProducer()

    def __repr__(self) -> str:
        method, uri, version = (word.decode("latin-1") for word in (self.method, self.uri, self.clientproto))
        return f"<{type(self).__name__} at {id(self):#x} method={method} uri={uri} clientproto={version}>"
