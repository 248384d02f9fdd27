"""A client factory that reconnects, at growing intervals, when an attempt fails or a connection is lost."""

from __future__ import annotations

import random
from functools import cached_property
from typing import TYPE_CHECKING

from reactor import error
from reactor.default import the_reactor
from reactor.interfaces.type_variables import P
from reactor.protocol.factory import ClientFactory

if TYPE_CHECKING:
    from reactor.failure import Failure
    from reactor.interfaces import IConnector, IDelayedCall, IReactorTime


class ReconnectingClientFactory(ClientFactory[P]):
    """A factory for a client that reconnects, waiting longer each time.

    The delay begins at `initialDelay`, grows by `factor` up to `maxDelay`, and varies by `jitter`, so that a thousand
    clients of a server that restarts don't all return at once. Call `resetDelay` when a connection has proved good.

    initialDelay, maxDelay: seconds. factor: growth at each failure. jitter: standard deviation of the delay, as a
    share of it; 0 for none. maxRetries: the most attempts in a row; None for no limit. clock: for tests; None is
    the reactor.
    delay, retries: the current state. continueTrying: whether to reconnect at all. (The numbers are Twisted's.)
    """

    maxDelay: float = 3600
    initialDelay: float = 1.0
    factor: float = 2.7182818284590451
    jitter: float = 0.119626565582
    maxRetries: int | None = None
    clock: IReactorTime | None = None

    retries: int = 0
    continueTrying: int = 1
    connector: IConnector | None = None
    _callID: IDelayedCall | None = None

    if TYPE_CHECKING:
        delay: float  # so that a subclass may say `delay = 2.0`
    else:

        @cached_property
        def delay(self) -> float:
            """Until it has grown, whatever `initialDelay` is: also that of a subclass."""
            return self.initialDelay

    def startedConnecting(self, connector: IConnector) -> None:
        """Remember whose attempt `stopTrying` is to stop."""
        self.connector = connector

    def clientConnectionFailed(self, connector: IConnector, reason: Failure) -> None:
        """Try again later, unless told to stop."""
        self._come_back(connector)

    def clientConnectionLost(self, connector: IConnector, reason: Failure) -> None:
        """Try again later, unless told to stop."""
        self._come_back(connector)

    def _come_back(self, connector: IConnector) -> None:
        if self.continueTrying:
            self.connector = connector
            self.retry()

    def retry(self, connector: IConnector | None = None) -> None:
        """Connect again after the delay, unless told to stop or after `maxRetries` attempts.

        connector: if left out, the one that failed last. Raises ValueError if there is none.
        """
        connector = connector or self.connector
        if not self.continueTrying:
            return
        if connector is None:
            raise ValueError("no connector to retry")
        self.retries += 1
        if self.maxRetries is not None and self.retries > self.maxRetries:
            return
        if self.jitter:
            self.delay = max(0.0, random.normalvariate(self.delay, self.delay * self.jitter))
        self._callID = self._clock().callLater(self.delay, self._connect, connector)
        self.delay = min(self.delay * self.factor, self.maxDelay)

    def _connect(self, connector: IConnector) -> None:
        self._callID = None
        connector.connect()

    def _clock(self) -> IReactorTime:
        if self.clock is None:
            self.clock = the_reactor()
        return self.clock

    def stopTrying(self) -> None:
        """Don't reconnect any more, and stop an attempt that is under way."""
        call, self._callID = self._callID, None
        if call is not None and call.active():
            call.cancel()
        self.continueTrying = 0
        try:
            if self.connector is not None:
                self.connector.stopConnecting()
        except error.NotConnectingError:
            pass

    def resetDelay(self) -> None:
        """Begin with the initial delay again. Call it when a connection has proved good."""
        self.delay = self.initialDelay
        self._callID = None
        self.retries = 0
        self.continueTrying = 1
