"""Agents that follow redirects.

What one origin (scheme, host and port) is told, another is not. A header that was dropped on the way stays dropped,
also when a redirect leads back: that redirect is another origin's doing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reactor.defer import Deferred
from reactor.failure import Failure
from reactor.web import error, status
from reactor.web.client.agent import IAgent
from reactor.web.client.errors import ResponseFailed
from reactor.web.client.response import Response, discard
from reactor.web.client.uri import URI, join
from reactor.web.http_headers import Headers

_AGAIN = (status.MOVED_PERMANENTLY, status.FOUND, status.TEMPORARY_REDIRECT, status.PERMANENT_REDIRECT)
_FOR_ONE_ORIGIN = (b"authorization", b"cookie", b"cookie2", b"host", b"proxy-authorization", b"www-authenticate")
# What describes a body; a request that follows a redirect has none (https://fetch.spec.whatwg.org/#http-redirect-fetch).
_ABOUT_THE_BODY = (
    b"content-encoding",
    b"content-language",
    b"content-length",
    b"content-location",
    b"content-type",
    b"transfer-encoding",
)


@dataclass(frozen=True)
class _Asked:
    """A request that may be redirected. count: how many redirects led to it."""

    method: bytes
    uri: bytes
    headers: Headers | None
    has_body: bool = False
    count: int = 0


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
        self._secrets = {*_FOR_ONE_ORIGIN, *(name.lower() for name in sensitiveHeaderNames)}

    def request(
        self, method: bytes, uri: bytes, headers: Headers | None = None, bodyProducer: Any = None
    ) -> Deferred[Response]:
        """Send a request, follow its redirects, and give the last response."""
        asked = _Asked(method, uri, headers, bodyProducer is not None)
        return self._agent.request(method, uri, headers, bodyProducer).addCallback(self._look, asked)

    def _look(self, response: Response, asked: _Asked) -> Any:
        if response.code == status.SEE_OTHER:
            return self._go(response, b"HEAD" if asked.method == b"HEAD" else b"GET", asked)
        if response.code not in _AGAIN:
            return response
        return self._moved(response, asked)

    def _moved(self, response: Response, asked: _Asked) -> Any:
        if asked.method not in (b"GET", b"HEAD"):
            return self._refuse(error.PageRedirect(response.code, location=asked.uri), response)
        return self._go(response, asked.method, asked)

    def _go(self, response: Response, method: bytes, asked: _Asked) -> Any:
        location = response.headers.last(b"location")
        if location is None:
            return self._refuse(
                error.RedirectWithNoLocation(response.code, b"No location header field", asked.uri), response
            )
        if asked.count >= self._limit:
            return self._refuse(
                error.InfiniteRedirection(response.code, b"Infinite redirection", location=asked.uri), response
            )
        try:
            target = join(asked.uri, location)
            URI.fromBytes(target)
        except ValueError:
            problem = b"Location %b is no address" % repr(location).encode("ascii")
            return self._refuse(error.RedirectWithNoLocation(response.code, problem, asked.uri), response)
        discard(response)
        next_one = _Asked(method, target, self._headers_for(target, method, asked), False, asked.count + 1)
        answer = self._agent.request(method, target, next_one.headers)

        def arrived(next_response: Response) -> Any:
            next_response.setPreviousResponse(response)
            return self._look(next_response, next_one)

        return answer.addCallback(arrived)

    def _headers_for(self, target: bytes, method: bytes, asked: _Asked) -> Headers | None:
        """The headers for the redirect's target: no secrets of another origin, nothing about a body that isn't sent."""
        if asked.headers is None:
            return None
        told = asked.headers.copy()
        dropped = self._secrets if _origin(target) != _origin(asked.uri) else set()
        if asked.has_body or method != asked.method:
            dropped = dropped.union(_ABOUT_THE_BODY)
        for name in dropped:
            told.removeHeader(name)
        return told

    def _refuse(self, problem: error.Error, response: Response) -> Failure:
        discard(response)  # the program gets an error, and need not look for a response in it
        return Failure(ResponseFailed([Failure(problem)], response))


def _origin(uri: bytes) -> tuple[bytes, bytes, int]:
    try:
        parsed = URI.fromBytes(uri)
    except ValueError:
        return b"", b"", 0
    return parsed.scheme, parsed.host, parsed.port


class BrowserLikeRedirectAgent(RedirectAgent):
    """Follows a redirected POST too, by a GET, as browsers do; not after 307 and 308, which forbid the change."""

    def _moved(self, response: Response, asked: _Asked) -> Any:
        if asked.method in (b"GET", b"HEAD"):
            return self._go(response, asked.method, asked)
        if response.code not in (status.MOVED_PERMANENTLY, status.FOUND):
            return self._refuse(error.PageRedirect(response.code, location=asked.uri), response)
        return self._go(response, b"GET", asked)
