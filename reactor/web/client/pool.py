"""The pool, which keeps connections for the next request to the same server."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from reactor.defer import CancelledError, Deferred, DeferredList, maybeDeferred, succeed
from reactor.failure import Failure
from reactor.interfaces import IDelayedCall
from reactor.protocol import Factory
from reactor.web.client.connection import HTTP11ClientProtocol, State
from reactor.web.client.errors import RequestNotSent, RequestTransmissionFailed, ResponseNeverReceived
from reactor.web.client.request import Request
from reactor.web.client.response import Response


class HTTPConnectionPool:
    """Keeps connections for later requests, if it is persistent; else it closes each after its response.

    maxPersistentPerHost: how many idle connections to one server are kept. cachedConnectionTimeout: seconds until an
    idle one is closed. retryAutomatically: a server may close an idle connection in the moment when it is used again;
    the request is then sent once more, on a new connection, if its method is idempotent.
    """

    maxPersistentPerHost = 2
    cachedConnectionTimeout = 240.0
    retryAutomatically = True

    def __init__(self, reactor: Any, persistent: bool = True) -> None:
        self._reactor = reactor
        self.persistent = persistent
        self._idle: dict[object, deque[HTTP11ClientProtocol]] = {}
        self._timeouts: dict[HTTP11ClientProtocol, IDelayedCall] = {}
        self._closing: dict[HTTP11ClientProtocol, Deferred[None]] = {}

    def getConnection(self, key: object, endpoint: Any) -> Deferred[Any]:
        """A connection for one request, a kept one if there is any. An agent asks for each request, and so may others.

        key: names the server that `endpoint` connects to. The Deferred fires with what has a `request` that takes a
        Request and returns a Deferred of the Response, or fails as the endpoint does.
        """
        kept = self._kept(key)
        if kept is None:
            return self._new(key, endpoint)
        return succeed(_Repeating(kept, lambda: self._new(key, endpoint)) if self.retryAutomatically else kept)

    def _new(self, key: object, endpoint: Any) -> Deferred[Any]:
        factory = _Connections(lambda protocol: self._turned(key, protocol))
        return maybeDeferred(endpoint.connect, factory)  # TLS refuses some names with an exception

    def _kept(self, key: object) -> HTTP11ClientProtocol | None:
        """Take the idle connection to this server that was used last; None if there is none."""
        idle = self._idle.get(key, ())
        while idle:
            protocol = idle[-1]
            self._forget(key, protocol)
            if protocol.state is State.QUIESCENT:  # else it is closing: its server has sent what it may not
                return protocol
        return None

    def _turned(self, key: object, protocol: HTTP11ClientProtocol) -> None:
        if protocol.state is State.CLOSED:
            self._forget(key, protocol)
            waiting = self._closing.pop(protocol, None)
            if waiting is not None:
                waiting.callback(None)
        elif not self.persistent:
            protocol.close()
        else:
            self._keep(key, protocol)

    def _keep(self, key: object, protocol: HTTP11ClientProtocol) -> None:
        idle = self._idle.setdefault(key, deque())
        idle.append(protocol)
        self._timeouts[protocol] = self._reactor.callLater(self.cachedConnectionTimeout, protocol.close)
        if len(idle) > self.maxPersistentPerHost:
            oldest = idle[0]
            self._forget(key, oldest)
            oldest.close()

    def _forget(self, key: object, protocol: HTTP11ClientProtocol) -> None:
        timeout = self._timeouts.pop(protocol, None)
        if timeout is not None and timeout.active():
            timeout.cancel()
        idle = self._idle.get(key)
        if idle is not None:
            if protocol in idle:
                idle.remove(protocol)
            if not idle:
                del self._idle[key]

    def closeCachedConnections(self) -> Deferred[Any]:
        """Close all idle connections. The Deferred fires when they are closed."""
        for protocol in list(self._timeouts):
            self._closing.setdefault(protocol, Deferred())
            protocol.close()
        return DeferredList(list(self._closing.values())) if self._closing else succeed(None)


class _Connections(Factory):
    """Builds the protocol for one new connection."""

    noisy = False

    def __init__(self, turned: Any) -> None:
        self._turned = turned

    def buildProtocol(self, addr: Any) -> HTTP11ClientProtocol:
        return HTTP11ClientProtocol(self._turned)


class _Repeating:
    """A kept connection whose server may just have closed it: then the request is sent once more, on a new one."""

    def __init__(self, kept: HTTP11ClientProtocol, connect: Callable[[], Deferred[Any]]) -> None:
        self._kept, self._connect = kept, connect

    def request(self, request: Request) -> Deferred[Response]:
        """Send it."""
        answer = self._kept.request(request)
        return answer.addErrback(self._once_more, request) if request.may_be_repeated else answer

    def _once_more(self, reason: Failure, request: Request) -> Any:
        if reason.check(CancelledError):
            return reason
        reason.trap(RequestNotSent, RequestTransmissionFailed, ResponseNeverReceived)
        return self._connect().addCallback(lambda protocol: protocol.request(request))
