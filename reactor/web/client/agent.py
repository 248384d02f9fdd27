"""The Agent, which sends requests to servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from reactor.defer import Deferred, fail
from reactor.endpoints import HostnameEndpoint, wrapClientTLS
from reactor.web.client.errors import SchemeNotSupported
from reactor.web.client.pool import HTTPConnectionPool
from reactor.web.client.request import Request
from reactor.web.client.response import Response
from reactor.web.client.uri import URI
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
        connecting: Deferred[Any] = self._pool.getConnection((parsed.scheme, parsed.host, parsed.port), endpoint)
        return connecting.addCallback(lambda connection: connection.request(request))

    def _endpoint(self, uri: URI) -> Any:
        if uri.scheme not in (b"http", b"https"):
            raise SchemeNotSupported(
                f"Unsupported scheme: {uri.scheme!r} in {uri.toBytes()!r}; http and https are known"
            )
        if not uri.host:
            raise SchemeNotSupported(f"{uri.toBytes()!r} names no host")
        host = uri.host.decode("ascii")
        endpoint = HostnameEndpoint(self._reactor, host, uri.port, self._connect_timeout, self._bind_address)
        if uri.scheme == b"http":
            return endpoint
        return wrapClientTLS(self._policy.creatorForNetloc(uri.host, uri.port), endpoint)
