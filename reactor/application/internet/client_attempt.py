"""One attempt to connect, and the connection that it makes, until that is over.

    connecting  ->  made, being prepared  ->  ready  ->  over
         |                   |
         +-------------------+---------------------->  over

A link tells its client service at most once that it is ready, and exactly once that it is over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.defer import Deferred, maybeDeferred
from reactor.failure import Failure
from reactor.interfaces import IProtocolFactory, IStreamClientEndpoint
from reactor.protocol import connectionDone
from reactor.stand_in import StandIn


class Link:
    """The way from one attempt to the loss of its connection.

    factory: builds the protocol. prepare: called with it before the link is ready; it may return a Deferred.
    ready: called with the protocol. over: called with the reason, and whether the link had been ready.
    protocol: what the factory built. is_ready: whether it can be used.
    """

    protocol: Any = None
    is_ready = False

    def __init__(
        self,
        factory: IProtocolFactory,
        prepare: Callable[[Any], object] | None,
        ready: Callable[[Any], object],
        over: Callable[[Failure, bool], object],
    ) -> None:
        self._factory = factory
        self._prepare = prepare
        self._ready = ready
        self._over = over
        self._transport: Any = None
        self._reason: Failure | None = None
        self._connecting: Deferred[Any] | None = None
        self._is_preparing = False

    def open(self, endpoint: IStreamClientEndpoint) -> None:
        """Begin the attempt, through this endpoint."""
        connecting = self._connecting = endpoint.connect(self)
        connecting.addCallback(self._made).addErrback(self._failed)

    def close(self) -> None:
        """End the attempt or the connection, whichever there is; `over` is called afterwards."""
        if self.is_ready:
            self._transport.loseConnection()
        elif self._connecting is not None:
            self._connecting.cancel()

    # --- as a factory, for the endpoint

    def doStart(self) -> None:
        """Tell the user's factory that it is in use."""
        self._factory.doStart()

    def doStop(self) -> None:
        """Tell the user's factory that it is not in use any more."""
        self._factory.doStop()

    def buildProtocol(self, addr: Any) -> Any:
        """The user's protocol, behind a stand-in that tells this link when its connection is lost."""
        self.protocol = self._factory.buildProtocol(addr)
        return None if self.protocol is None else _Watched(self.protocol, self)

    # --- what happens to it

    def made(self, transport: Any) -> None:
        """Note that the connection is made. The stand-in calls this."""
        self._transport = transport

    def lost(self, reason: Failure) -> None:
        """Note that the connection is lost. The stand-in calls this, after it has told the protocol."""
        self._transport = None
        if self.is_ready:
            self.is_ready = False
            self._over(reason, True)
        elif self._connecting is None:  # `prepare` failed, and we closed it
            self._over(self._reason or reason, False)
        else:
            self._reason = reason
            if self._is_preparing:
                self._connecting.cancel()

    def _made(self, connected: Any) -> Any:
        if self._transport is None:  # lost already, in connectionMade
            raise (self._reason or connectionDone).value
        if self._prepare is None:
            self._is_ready(None)
            return None
        self._is_preparing = True
        return maybeDeferred(self._prepare, self.protocol).addCallback(self._is_ready)

    def _is_ready(self, _: object) -> None:
        self._connecting = None
        self.is_ready = True
        self._ready(self.protocol)

    def _failed(self, problem: Failure) -> None:
        """The attempt failed, or `prepare` did: then the connection is closed first."""
        self._connecting = None
        if self._transport is not None:
            self._reason = problem
            self._transport.loseConnection()
        else:
            self._over(self._reason or problem, False)


class _Watched(StandIn):
    """Tells the link when a connection begins and ends. To hear of its end, it stays in front of the protocol."""

    def __init__(self, protocol: Any, link: Link) -> None:
        super().__init__(protocol)
        self._link = link

    def makeConnection(self, transport: Any) -> None:
        self._link.made(transport)
        self._protocol.makeConnection(transport)

    def connectionLost(self, reason: Failure) -> None:
        try:
            super().connectionLost(reason)
        finally:
            self._link.lost(reason)
