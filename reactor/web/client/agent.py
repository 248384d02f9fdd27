"""The Agent, which sends requests to servers, and the agents that wrap one: they follow redirects, or decode bodies."""

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
    """What a program gives its requests to: an Agent, or one of those that wrap an Agent."""

    def request(
        self, method: bytes, uri: bytes, headers: Headers | None = None, bodyProducer: Any = None
    ) -> Deferred[Response]:
        """Send a request. The Deferred fires with the Response when its head has arrived; the body comes later."""


class BrowserLikePolicyForHTTPS:
    """Trusts the platform's certificate authorities, or `trustRoot`; a certificate must name the host."""

    def __init__(self, trustRoot: Any = None) -> None:
        self._trust_root = trustRoot

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """The options with which `wrapClientTLS` connects to this host."""
        from reactor.ssl import optionsForClientTLS  # imported late: it imports ssl, which http:// does not need

        return optionsForClientTLS(hostname.decode("ascii"), self._trust_root, acceptableProtocols=[b"http/1.1"])


class Agent:
    """Sends requests.

    contextFactory: says which certificates to trust over https. connectTimeout: seconds for each attempt to connect.
    bindAddress: the local address to connect from. pool: keeps connections; without one, each request opens its own.
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
        """An Agent that connects through `endpointFactory.endpointForURI(uri)`: over a UNIX socket, say."""
        agent = cls(reactor, pool=pool)
        agent._endpoint_for = endpointFactory.endpointForURI
        return agent

    def request(
        self, method: bytes, uri: bytes, headers: Headers | None = None, bodyProducer: Any = None
    ) -> Deferred[Response]:
        """Send a request. The Deferred fires with the Response when its head has arrived.

        uri: absolute, http or https. bodyProducer: produces the body, see `FileBodyProducer`.
        Cancelling the Deferred closes the connection. It fails with SchemeNotSupported or ValueError for the address,
        with the reason why no connection was made, or as `HTTP11ClientProtocol.request` does.
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


class ContentDecoderAgent:
    """Asks for encoded bodies and decodes them. decoders: pairs of a coding and its class: (b"gzip", GzipDecoder)."""

    def __init__(self, agent: IAgent, decoders: Sequence[tuple[bytes, Callable[[Any], Any]]]) -> None:
        self._agent = agent
        self._decoders = dict(decoders)

    def request(
        self, method: bytes, uri: bytes, headers: Headers | None = None, bodyProducer: Any = None
    ) -> Deferred[Response]:
        """Send a request. The body of its Response is decoded."""
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
    """A gzipped response that delivers its body decompressed. Everything else is the original's."""

    length = UNKNOWN_LENGTH

    def __init__(self, response: Any) -> None:
        self.original = response

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)

    def deliverBody(self, protocol: Any) -> None:
        """Deliver the body decompressed. A body that is no gzip ends with ResponseFailed."""
        self.original.deliverBody(_Unpacking(protocol, self.original))


class _Unpacking:
    """Stands between the original response and the body's receiver, and decompresses."""

    def __init__(self, protocol: Any, response: Any) -> None:
        self._protocol, self._response = protocol, response
        self._decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._problem: Failure | None = None

    def makeConnection(self, transport: Any) -> None:
        """Introduce the receiver to the original's transport: it pauses and stops the original."""
        self._transport = transport
        self._protocol.makeConnection(transport)

    def dataReceived(self, data: bytes) -> None:
        """Decompress a piece. It can become a thousand times as long, so the receiver gets parts of at most 256 KB."""
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
        """End the receiver's body: with what was wrong with the gzip, or as the original ended."""
        self._protocol.connectionLost(self._problem or reason)
