"""getPage: the bytes of one page, by one call."""

from __future__ import annotations

from typing import Any

from reactor.default import the_reactor
from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.web import error
from reactor.web.client.agent import Agent
from reactor.web.client.decoding import ContentDecoderAgent, GzipDecoder
from reactor.web.client.redirects import RedirectAgent
from reactor.web.client.response import Response, readBody
from reactor.web.http_headers import Headers

_BYTES_AT_MOST = 64 * 1024 * 1024


def getPage(
    url: bytes | str,
    reactor: Any = None,
    *,
    headers: Headers | None = None,
    timeout: float | None = 60,
    maxBytes: int = _BYTES_AT_MOST,
    agent: Any = None,
) -> Deferred[bytes]:
    """Get the page at an address. The Deferred fires with its bytes, decoded, after all redirects.

    timeout: seconds for all of it. maxBytes: how long the page may be. agent: sends the request; left out, an Agent
    that follows redirects and decodes gzip.
    Fails with `error.Error` for a response that is no success (its `status` and `response` tell more), with
    PartialDownloadError for a page that is too long or cut, with TimeoutError, and as an Agent does.
    """
    reactor = the_reactor(reactor)
    asked = agent or ContentDecoderAgent(RedirectAgent(Agent(reactor)), [(b"gzip", GzipDecoder)])
    told = Headers() if headers is None else headers.copy()
    if not told.hasHeader(b"user-agent"):
        told.addRawHeader(b"user-agent", b"tutorial-of-doom")
    address = url.encode("ascii") if isinstance(url, str) else url
    page: Deferred[bytes] = asked.request(b"GET", address, told).addCallbacks(_body, _why, (maxBytes,))
    return page if timeout is None else page.addTimeout(timeout, reactor)


def _body(response: Response, limit: int) -> Deferred[Any]:
    body = readBody(response, limit)
    if 200 <= response.code < 300:
        return body

    def fail(page: bytes) -> Any:
        raise error.Error(response.code, response.phrase, page)

    return body.addCallback(fail)


def _why(reason: Failure) -> Any:
    """Unwrap the error of a redirect from its ResponseFailed."""
    for inner in getattr(reason.value, "reasons", ()):
        if inner.check(error.Error):
            return inner
    return reason
