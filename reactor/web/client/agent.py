"""Asking servers: the Agent, and those that wrap one to do more."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from reactor.defer import Deferred, fail
from reactor.endpoints import HostnameEndpoint, wrapClientTLS
from reactor.failure import Failure
from reactor.web import error, status
from reactor.web.client.errors import ResponseFailed, SchemeNotSupported
from reactor.web.client.pool import HTTPConnectionPool
from reactor.web.client.request import Request
from reactor.web.client.response import UNKNOWN_LENGTH, Response
from reactor.web.client.uri import URI, join
from reactor.web.http_headers import Headers


class IAgent(Protocol):
    """Whom a program gives its requests."""

    def request(
        self, method: bytes, uri: bytes, headers: Headers | None = None, bodyProducer: Any = None
    ) -> Deferred[Response]:
        """Ask a server. A Deferred of its Response, as soon as the head is there."""


class BrowserLikePolicyForHTTPS:
    """Believes whom the platform believes, or `trustRoot`, and nobody without a certificate for the host's name."""

    def __init__(self, trustRoot: Any = None) -> None:
        self._trust_root = trustRoot

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """What `wrapClientTLS` needs to talk to this host."""
        from reactor.ssl import optionsForClientTLS  # which imports ssl, and not every client needs it

        return optionsForClientTLS(hostname.decode("ascii"), self._trust_root, acceptableProtocols=[b"http/1.1"])


class Agent:
    """Sends requests.

    contextFactory: says whom to believe, over https. connectTimeout: seconds for each attempt to connect.
    bindAddress: where to come from. pool: keeps connections; without one, each request has its own.
    """

    def __init__(
        self,
        reactor: Any,
        contextFactory: Any = None,
        connectTimeout: float | None = None,
        bindAddress: Any = None,
        pool: HTTPConnectionPool | None = None,
    ) -> None:
        self._reactor = reactor
        self._policy = contextFactory or BrowserLikePolicyForHTTPS()
        self._connect_timeout = 30 if connectTimeout is None else connectTimeout
        self._bind_address = bindAddress
        self._pool = pool or HTTPConnectionPool(reactor, persistent=False)
        self._endpoint_for: Callable[[URI], Any] = self._endpoint

    @classmethod
    def usingEndpointFactory(cls, reactor: Any, endpointFactory: Any, pool: HTTPConnectionPool | None = None) -> Agent:
        """One that connects by `endpointFactory.endpointForURI(uri)`: through a UNIX socket, say."""
        agent = cls(reactor, pool=pool)
        agent._endpoint_for = endpointFactory.endpointForURI
        return agent

    def request(
        self, method: bytes, uri: bytes, headers: Headers | None = None, bodyProducer: Any = None
    ) -> Deferred[Response]:
        """Ask. uri: whole, with http or https. bodyProducer: makes the body: see `FileBodyProducer`.

        To cancel the Deferred is to close the connection. Fails with SchemeNotSupported or ValueError, with why there
        is no connection, and with what `HTTP11ClientProtocol.request` fails with.
        """
        try:
            parsed = URI.fromBytes(uri)
            endpoint = self._endpoint_for(parsed)
        except (SchemeNotSupported, ValueError) as problem:
            return fail(problem)
        request = Request(method, parsed, (headers or Headers()).copy(), bodyProducer, self._pool.persistent)
        return self._pool.request((parsed.scheme, parsed.host, parsed.port), endpoint, request)

    def _endpoint(self, uri: URI) -> Any:
        if uri.scheme not in (b"http", b"https") or not uri.host:
            raise SchemeNotSupported(
                f"Unsupported scheme: {uri.scheme!r} in {uri.toBytes()!r}; http and https are known"
            )
        host = uri.host.decode("ascii")
        endpoint = HostnameEndpoint(self._reactor, host, uri.port, self._connect_timeout, self._bind_address)
        if uri.scheme == b"http":
            return endpoint
        return wrapClientTLS(self._policy.creatorForNetloc(uri.host, uri.port), endpoint)


_AGAIN = (status.MOVED_PERMANENTLY, status.FOUND, status.TEMPORARY_REDIRECT, status.PERMANENT_REDIRECT)
_SECRET_HEADERS = (b"authorization", b"cookie", b"cookie2", b"proxy-authorization", b"www-authenticate")


class RedirectAgent:
    """Goes where it is sent, for GET and HEAD; a POST only by 303, which makes it a GET.

    redirectLimit: how often in a row. sensitiveHeaderNames: what another host is not told, beside the usual.
    Its Deferreds fail with ResponseFailed of an Error: InfiniteRedirection, RedirectWithNoLocation, or PageRedirect for
    a method that must not be repeated.
    """

    def __init__(self, agent: IAgent, redirectLimit: int = 20, sensitiveHeaderNames: Sequence[bytes] = ()) -> None:
        self._agent = agent
        self._limit = redirectLimit
        self._secrets = {*_SECRET_HEADERS, *(name.lower() for name in sensitiveHeaderNames)}

    def request(
        self, method: bytes, uri: bytes, headers: Headers | None = None, bodyProducer: Any = None
    ) -> Deferred[Response]:
        """Ask, and go where one is sent."""
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
        """The headers for where we are sent: a stranger is told no secrets."""
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
    """Goes where it is sent, a POST too: then as a GET, as browsers do, unless by 307 or 308."""

    def _moved(self, response: Response, method: bytes, uri: bytes, headers: Headers | None, count: int) -> Any:
        if method not in (b"GET", b"HEAD"):
            if response.code not in (status.MOVED_PERMANENTLY, status.FOUND):
                return self._refuse(error.PageRedirect(response.code, location=uri), response)
            method = b"GET"
        return self._go(response, method, uri, headers, count)


class ContentDecoderAgent:
    """Says which packings it can undo, and undoes them. decoders: names and classes, such as (b"gzip", GzipDecoder)."""

    def __init__(self, agent: IAgent, decoders: Sequence[tuple[bytes, Callable[[Any], Any]]]) -> None:
        self._agent = agent
        self._decoders = dict(decoders)

    def request(
        self, method: bytes, uri: bytes, headers: Headers | None = None, bodyProducer: Any = None
    ) -> Deferred[Response]:
        """Ask; the Response is unpacked."""
        told = Headers() if headers is None else headers.copy()
        told.addRawHeader(b"accept-encoding", b", ".join(self._decoders))
        return self._agent.request(method, uri, told, bodyProducer).addCallback(self._unpacked)

    def _unpacked(self, response: Any) -> Any:
        packings = b",".join(response.headers.getRawHeaders(b"content-encoding", [])).split(b",")
        names = [name.strip() for name in packings if name.strip()]
        while names and names[-1] in self._decoders:
            response = self._decoders[names.pop()](response)
        if names:
            response.headers.setRawHeaders(b"content-encoding", [b", ".join(names)])
        else:
            response.headers.removeHeader(b"content-encoding")
        return response


class GzipDecoder:
    """A response that was packed with gzip, as if it were not. Everything else is the original's."""

    length = UNKNOWN_LENGTH

    def __init__(self, response: Any) -> None:
        self.original = response

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)

    def deliverBody(self, protocol: Any) -> None:
        """As the original does, and unpacks. A broken body ends with ResponseFailed."""
        self.original.deliverBody(_Unpacking(protocol, self.original))


class _Unpacking:
    """Unpacks what comes, piece by piece."""

    def __init__(self, protocol: Any, response: Any) -> None:
        self._protocol, self._response = protocol, response
        self._decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._problem: Failure | None = None

    def makeConnection(self, transport: Any) -> None:
        """The body begins."""
        self._transport = transport
        self._protocol.makeConnection(transport)

    def dataReceived(self, data: bytes) -> None:
        """A packed piece came; one may unpack to a thousand times as much, so it is handed on in bearable ones."""
        try:
            while data and self._problem is None:
                piece = self._decoder.decompress(data, 1 << 18)
                data = self._decoder.unconsumed_tail
                if piece:
                    self._protocol.dataReceived(piece)
        except zlib.error:
            self._problem = Failure(ResponseFailed([Failure()], self._response))
            self._transport.stopProducing()

    def connectionLost(self, reason: Failure) -> None:
        """The body is over."""
        self._protocol.connectionLost(self._problem or reason)
