"""One request and its answer: what a program reads, and what it writes.

`process` is called when the request has come whole, its body included. The answer may take its time: `finish` ends it.
If the client goes before, `notifyFinish` tells, and what is still written is ignored.
"""

from __future__ import annotations

import base64
import binascii
import tempfile
import warnings
from functools import cached_property
from io import BytesIO
from math import ceil
from typing import IO, Any, AnyStr, cast

from reactor import log
from reactor.address import IPv4Address
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.web import conditional, status
from reactor.web.channel import HTTPChannel
from reactor.web.cookies import parse_cookies, set_cookie
from reactor.web.dates import datetimeToString
from reactor.web.discarded_body import Unheard
from reactor.web.forms import Fields, fields_of_body, parse_qs
from reactor.web.http_headers import Headers
from reactor.web.reading import BadRequest, Head
from reactor.web.writing import LAST_CHUNK, chunk, has_body, response_head

_IN_MEMORY_AT_MOST = 100_000
"""Bytes of a body that are kept in memory; a longer one waits in a temporary file."""


class Request:
    """One request. A Site makes them; a program gets one in `render_GET` and its sisters.

    method, uri, clientproto: the words of its first line. path: of the uri, without the query.
    requestHeaders, responseHeaders: what was sent, and what will be.
    code, code_message: what the answer's first line will say.
    startedWriting, finished: whether the head is sent; whether `finish` was called. sentLength: bytes of the body.
    """

    method = b"(no method yet)"
    uri = path = b""
    clientproto = b"HTTP/1.0"
    code = status.OK
    code_message = b"OK"
    startedWriting = finished = False
    sentLength = 0
    defaultContentType: bytes | None = b"text/html"
    """What an answer with a body is, when it doesn't say. None for nothing."""

    requestHeaders: Headers
    _etag: bytes | None = None
    _modified: int | None = None
    _is_lost = False
    _is_chunked = _has_body = False
    _promised: int | None = None
    _content: IO[bytes] | None = None
    _forced_host: tuple[bytes, int, bool] | None = None
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

    def head_received(self, head: Head) -> None:
        """The first line and the headers are here."""
        self.method, self.uri, self.clientproto = head.method, head.target, head.version
        self.requestHeaders = head.headers
        path = head.target.partition(b"?")[0]
        if not path.startswith(b"/") and b"://" in path:  # the absolute form, which proxies use (RFC 9112, 3.2.2)
            path = b"/" + path.partition(b"://")[2].partition(b"/")[2]
        self.path = path

    def gotLength(self, length: int | None) -> None:
        """A body of so many bytes comes, None for as yet unknown. Override this and the next to take it yourself."""
        if length is not None and length <= _IN_MEMORY_AT_MOST:
            self._content = BytesIO()

    def handleContentChunk(self, data: bytes) -> None:
        """A piece of the body came."""
        self._open_content().write(data)

    def _open_content(self) -> IO[bytes]:
        if self._content is None:
            self._content = cast(IO[bytes], tempfile.SpooledTemporaryFile(_IN_MEMORY_AT_MOST))  # noqa: SIM115  # `forget` closes it
        return self._content

    def requestReceived(self) -> None:
        """The request is whole. What `process` raises is answered as `processingFailed` has it."""
        if self._content is not None:
            self._content.seek(0)
        try:
            self.process()
        except Exception:
            self.processingFailed(Failure())

    def process(self) -> None:
        """Answer. Override it, or let `reactor.web.server.Request` find a resource that does."""
        raise NotImplementedError(f"{type(self).__name__}.process")

    def processingFailed(self, reason: Failure) -> None:
        """A program raised instead of answering: log it, and say that something went wrong, but not what.

        A BadRequest is the client's fault: it isn't logged, and its reason is told.
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
        """The client is gone. Called by the channel, unless the answer is complete."""
        self._is_lost = True
        if self._unheard is not None:
            self._unheard.client_lost()
        if self.startedWriting:
            self.channel.factory.log(self)
        self.forget()
        waiting, self._to_notify = self._to_notify, []
        for deferred in waiting:
            deferred.errback(reason)

    def notifyFinish(self) -> Deferred[None]:
        """A Deferred that fires when the answer is complete, and fails when the client goes before."""
        deferred: Deferred[None] = Deferred()
        self._to_notify.append(deferred)
        return deferred

    # --- what was asked

    @cached_property
    def content(self) -> IO[bytes]:
        """The body, as a file that stands at its beginning."""
        if self._content is None:
            self._content = BytesIO()
        return self._content

    @cached_property
    def args(self) -> Fields:
        """The fields of a form: those in the address, and those in the body in the place of others of the same name.

        Raises BadRequest for a form that is broken, which is answered with 400 if you let it pass.
        """
        try:
            return self._fields()
        except ValueError as problem:
            raise BadRequest(status.BAD_REQUEST, str(problem)) from None

    def _fields(self) -> Fields:
        fields = parse_qs(self.uri.partition(b"?")[2], keep_blank_values=True)
        if self.method == b"POST" and self._content is not None:
            content_type = self.requestHeaders.last(b"content-type")
            fields.update(fields_of_body(content_type, self._content.read()))
            self._content.seek(0)
        return fields

    def getHeader(self, key: AnyStr) -> AnyStr | None:
        """The last header of this name, None if there is none."""
        values = self.requestHeaders.getRawHeaders(key)
        return values[-1] if values else None

    def getAllHeaders(self) -> dict[bytes, bytes]:
        """All headers by their names in lower case, the last one of each."""
        return {name.lower(): values[-1] for name, values in self.requestHeaders.getAllRawHeaders()}

    @cached_property
    def received_cookies(self) -> dict[bytes, bytes]:
        """The cookies that the client sent."""
        return parse_cookies(self.requestHeaders.getRawHeaders(b"cookie", []))

    def getCookie(self, key: bytes) -> bytes | None:
        """The value of a cookie, None if the client didn't send it."""
        return self.received_cookies.get(key)

    def getClientAddress(self) -> Any:
        """Where the client is; where the last proxy is, if it came through some."""
        return self.channel.getPeer()

    def getHost(self) -> Any:
        """Where the client came to, as an address."""
        if self._forced_host is not None:
            return IPv4Address("TCP", self._forced_host[0].decode("ascii"), self._forced_host[1])
        return self.channel.getHost()

    def setHost(self, host: bytes, port: int, ssl: bool = False) -> None:
        """Let the client have come to this host: for a server that stands behind another one."""
        self._forced_host = host, port, bool(ssl)
        usual = port == (443 if ssl else 80)
        self.requestHeaders.setRawHeaders(b"host", [host if usual else b"%b:%d" % (host, port)])

    def getRequestHostname(self) -> bytes:
        """The name by which the client called us, without the port."""
        host = self.requestHeaders.last(b"host")
        if host is None:
            return str(getattr(self.getHost(), "host", "")).encode("ascii")
        if host.startswith(b"["):
            return host.partition(b"]")[0] + b"]"
        return host.partition(b":")[0]

    def isSecure(self) -> bool:
        """Whether the connection is encrypted."""
        return self._forced_host[2] if self._forced_host is not None else self.channel.isSecure()

    def getUser(self) -> bytes:
        """The name that the client gave (HTTP Basic), b"" without one. It proves nothing."""
        return self._credentials[0]

    def getPassword(self) -> bytes:
        """The password that the client gave, b"" without one."""
        return self._credentials[1]

    @cached_property
    def _credentials(self) -> tuple[bytes, bytes]:
        scheme, _, encoded = (self.requestHeaders.last(b"authorization") or b"").partition(b" ")
        try:
            user, _, password = base64.b64decode(encoded if scheme.lower() == b"basic" else b"").partition(b":")
        except binascii.Error:
            return b"", b""
        return user, password

    # --- what is answered

    def setResponseCode(self, code: int, message: bytes | None = None) -> None:
        """Let the answer's first line say this. Raises TypeError for a code that is no number."""
        if not isinstance(code, int):
            raise TypeError(f"HTTP response code must be int, not {type(code).__name__}: {code!r}")
        self.code = code
        self.code_message = status.RESPONSES.get(code, b"Unknown Status") if message is None else message

    def setHeader(self, name: AnyStr, value: AnyStr) -> None:
        """Send this header, in the place of one with this name."""
        self.responseHeaders.setRawHeaders(name, [value])

    def addCookie(self, k: AnyStr, v: AnyStr, *args: Any, **kwargs: Any) -> None:
        """Let the client keep a cookie.

        Then, by place or name: expires, domain, path, max_age, comment, secure, httpOnly, sameSite.
        """
        own_names = {"httpOnly": "http_only", "sameSite": "same_site"}
        named = {own_names.get(name, name): value for name, value in kwargs.items()}
        self.responseHeaders.addRawHeader(b"set-cookie", set_cookie(k, v, *args, **named))

    def redirect(self, url: bytes) -> None:
        """Send the client elsewhere for now (302). You still have to `finish`."""
        self.setResponseCode(status.FOUND)
        self.setHeader(b"location", url)

    def setLastModified(self, when: float) -> int | None:
        """Say when it changed last, in seconds since 1970. CACHED when the client has it: then send no body."""
        self._modified = max(ceil(when), self._modified or 0)
        self.setHeader(b"last-modified", datetimeToString(self._modified))
        return self._have_it(conditional.precondition(self.method, self.requestHeaders, None, self._modified))

    def setETag(self, etag: bytes) -> int | None:
        """Say which version it is, such as b'"v7"'. CACHED when the client has it, or wants another: send no body."""
        self._etag = etag
        self.setHeader(b"etag", etag)
        return self._have_it(conditional.precondition(self.method, self.requestHeaders, etag, self._modified))

    def _have_it(self, code: int | None) -> int | None:
        if code is None:
            return None
        self.setResponseCode(code)
        return status.CACHED

    def write(self, data: bytes) -> None:
        """Send this as a part of the body; the first one takes the head along.

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
        elif head:
            self.channel.write(head)

    def _begin(self) -> bytes:
        """Decide how the end of the body is known. The head, to be sent with the first piece."""
        self.startedWriting = True
        headers = self.responseHeaders
        self._has_body = has_body(self.method, self.code)
        headers.removeHeader(b"transfer-encoding")  # how it is sent is decided here
        length = headers.last(b"content-length")
        if self._has_body:
            self._promised = None if length is None else int(length)
            self._is_chunked = length is None and self.clientproto == b"HTTP/1.1"
            if self._is_chunked:
                headers.put(b"transfer-encoding", b"chunked")
            elif length is None:
                self.channel.persistent = False
            if self.defaultContentType is not None and length != b"0" and headers.last(b"content-type") is None:
                headers.put(b"content-type", self.defaultContentType)
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
        """The answer is complete. The second time it warns; raises RuntimeError when the client went before."""
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
        self.channel.factory.log(self)
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

    def forget(self) -> None:
        """Nothing more is to be done for it: give back what it holds."""
        if self._content is not None:
            self._content.close()

    def loseConnection(self) -> None:
        """Close the connection: the answer stays incomplete, and the client sees that."""
        self.channel.abortConnection()

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Let `producer` call `write` as fast as the client takes it: see `reactor.interfaces`.

        For an answer without a body (to HEAD, say) nothing is sent, and a pull producer is asked till it has no more.
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
        """It has no more."""
        self._producer = None
        if self._unheard is not None:
            self._unheard.stop()
            self._unheard = None
        else:
            self.channel.unregisterProducer()

    def __repr__(self) -> str:
        method, uri, version = (word.decode("latin-1") for word in (self.method, self.uri, self.clientproto))
        return f"<{type(self).__name__} at {id(self):#x} method={method} uri={uri} clientproto={version}>"
