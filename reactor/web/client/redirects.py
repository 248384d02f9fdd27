"""Agents that follow redirects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.web import error, status
from reactor.web.client.agent import IAgent
from reactor.web.client.errors import ResponseFailed
from reactor.web.client.response import Response
from reactor.web.client.uri import URI, join
from reactor.web.http_headers import Headers

_AGAIN = (status.MOVED_PERMANENTLY, status.FOUND, status.TEMPORARY_REDIRECT, status.PERMANENT_REDIRECT)
_SECRET_HEADERS = (b"authorization", b"cookie", b"cookie2", b"proxy-authorization", b"www-authenticate")


class RedirectAgent:
    """Follows redirects of GET and HEAD; of a POST only a 303, which turns it into a GET.

    redirectLimit: how many redirects one request follows. sensitiveHeaderNames: headers that another origin does not
    get, besides the usual ones (Authorization, Cookie and the like).
    Its Deferreds fail with ResponseFailed, whose reason is InfiniteRedirection, RedirectWithNoLocation, or PageRedirect
    for a method that must not be repeated.
    """

    def __init__(self, agent: IAgent, redirectLimit: int = 20, sensitiveHeaderNames: Sequence[bytes] = ()) -> None:
        self._agent = agent
        self._limit = redirectLimit
        self._secrets = {*_SECRET_HEADERS, *(name.lower() for name in sensitiveHeaderNames)}

    def request(
        self, method: bytes, uri: bytes, headers: Headers | None = None, bodyProducer: Any = None
    ) -> Deferred[Response]:
        """Send a request, follow its redirects, and give the last response."""
        answer = self._agent.request(method, uri, headers, bodyProducer)
        return answer.addCallback(self._look, method, uri, headers, 0)

    def _look(self, response: Response, method: bytes, uri: bytes, headers: Headers | None, count: int) -> Any:
        if response.code == status.SEE_OTHER:
            return self._go(response, b"HEAD" if method == b"HEAD" else b"GET", uri, headers, count)
        if response.code not in _AGAIN:
            return response
        return self._moved(response, method, uri, headers, count)

    def _moved(self, response: Response, method: bytes, uri: bytes, headers: Headers | None, count: int) -> Any:
        if method not in (b"GET", b"HEAD"):
            return self._refuse(error.PageRedirect(response.code, location=uri), response)
        return self._go(response, method, uri, headers, count)

    def _go(self, response: Response, method: bytes, uri: bytes, headers: Headers | None, count: int) -> Any:
        location = response.headers.last(b"location")
        if location is None:
            return self._refuse(error.RedirectWithNoLocation(response.code, b"No location header field", uri), response)
        if count >= self._limit:
            return self._refuse(
                error.InfiniteRedirection(response.code, b"Infinite redirection", location=uri), response
            )
        target = join(uri, location)
        answer = self._agent.request(method, target, self._for(target, uri, headers))

        def arrived(next_response: Response) -> Any:
            next_response.setPreviousResponse(response)
            return self._look(next_response, method, target, headers, count + 1)

        response.discard()
        return answer.addCallback(arrived)

    def _for(self, target: bytes, uri: bytes, headers: Headers | None) -> Headers | None:
        """The headers for the redirect's target: another origin is told no secrets."""
        if headers is None or _origin(target) == _origin(uri):
            return headers
        told = headers.copy()
        for name in self._secrets:
            told.removeHeader(name)
        return told

    def _refuse(self, problem: error.Error, response: Response) -> Failure:
        return Failure(ResponseFailed([Failure(problem)], response))


def _origin(uri: bytes) -> tuple[bytes, bytes, int]:
    try:
        parsed = URI.fromBytes(uri)
    except ValueError:
        return b"", b"", 0
    return parsed.scheme, parsed.host, parsed.port


class BrowserLikeRedirectAgent(RedirectAgent):
    """Follows a redirected POST too, by a GET, as browsers do; not after 307 and 308, which forbid the change."""

    def _moved(self, response: Response, method: bytes, uri: bytes, headers: Headers | None, count: int) -> Any:
        if method not in (b"GET", b"HEAD"):
            if response.code not in (status.MOVED_PERMANENTLY, status.FOUND):
                return self._refuse(error.PageRedirect(response.code, location=uri), response)
            method = b"GET"
        return self._go(response, method, uri, headers, count)
