"""A client that stays connected, as a service, through an endpoint.

    service = ClientService(endpoint, factory)
    service.startService()
    protocol = await service.whenConnected()

It connects; when that fails, or the connection is lost, it tries again after a delay, longer each time. Its life:

    NEW, STOPPED  --- startService ------------------------------>  TRYING
    TRYING        --- attempt fails, or connection is lost ------>  WAITING
    WAITING       --- the delay is over ------------------------->  TRYING
    TRYING        --- stopService ------------------------------->  STOPPING
    STOPPING      --- connection is closed ---------------------->  STOPPED
    STOPPING      --- startService ------------------------------>  RESTARTING
    RESTARTING    --- connection is closed ---------------------->  TRYING
    RESTARTING    --- stopService ------------------------------->  STOPPING
    NEW, WAITING  --- stopService ------------------------------->  STOPPED
"""

from __future__ import annotations

import enum
import random
from collections.abc import Callable
from typing import Any

from reactor import defer, log
from reactor.application.internet.client_attempt import Link
from reactor.application.tree import Service, path_of
from reactor.default import the_reactor
from reactor.defer import CancelledError, Deferred
from reactor.failure import Failure
from reactor.interfaces import IDelayedCall, IProtocolFactory, IReactorTime, IStreamClientEndpoint

RetryPolicy = Callable[[int], float]


def backoffPolicy(
    initialDelay: float = 1.0,
    maxDelay: float = 60.0,
    factor: float = 1.5,
    jitter: Callable[[], float] = random.random,
) -> RetryPolicy:
    """How long to wait before the next attempt: a function from the number of failures in a row to seconds.

    The delay is `initialDelay` times `factor` for each failure, `maxDelay` at most, plus `jitter()`, so that a thousand
    clients of a server that restarts don't all come at once.
    """

    def policy(attempt: int) -> float:
        try:
            delay = min(initialDelay * factor**attempt, maxDelay)
        except OverflowError:
            delay = maxDelay
        return delay + jitter()

    return policy


class Life(enum.Enum):
    """The states of a ClientService, from before its first start to after its last stop."""

    NEW = "not started yet"
    TRYING = "connecting, or connected"
    WAITING = "waiting until it tries again"
    STOPPING = "closing its connection"
    RESTARTING = "closing its connection, to start again"
    STOPPED = "stopped"


class ClientService(Service):
    """Keeps one connection while it runs.

    endpoint: where to. factory: builds the protocols. retryPolicy: from the number of failures in a row to seconds;
        `backoffPolicy()` unless given. clock: for those seconds; the program's reactor unless given.
    prepareConnection: called with each new protocol before `whenConnected` hands it out, to log in, say; it may return
        a Deferred. If it fails, the connection is closed, and that counts as a failure to connect.
    """

    def __init__(
        self,
        endpoint: IStreamClientEndpoint,
        factory: IProtocolFactory,
        retryPolicy: RetryPolicy | None = None,
        clock: IReactorTime | None = None,
        prepareConnection: Callable[[Any], object] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._factory = factory
        self._delay_after = retryPolicy or backoffPolicy()
        self._clock = clock
        self._prepare = prepareConnection
        self._life = Life.NEW
        self._link: Link | None = None
        self._retry: IDelayedCall | None = None
        self._failures = 0
        self._waiting: list[tuple[Deferred[Any], int | None]] = []  # for a connection, and how many failures are left
        self._stopping: list[Deferred[None]] = []

    def whenConnected(self, failAfterFailures: int | None = None) -> Deferred[Any]:
        """A Deferred of the present connection's protocol, or of the next one's.

        failAfterFailures: after how many more failed attempts it fails with the last one's error; None: never.
        Fails with CancelledError when the service stops, or has stopped.
        """
        if self._link is not None and self._link.is_ready and self._life is Life.TRYING:
            return defer.succeed(self._link.protocol)
        if self._life is Life.STOPPED:
            return defer.fail(CancelledError())
        waiting: Deferred[Any] = Deferred()
        self._waiting.append((waiting, failAfterFailures))
        return waiting

    def startService(self) -> None:
        if self.running:
            log.msg(f"{path_of(self)} runs already, and was started again")
            return
        super().startService()
        if self._life is Life.STOPPING:
            self._life = Life.RESTARTING
        else:
            self._connect()

    def stopService(self) -> Deferred[Any]:
        """Close the connection, and don't connect again. The Deferred fires when it is closed."""
        super().stopService()
        if self._life in (Life.TRYING, Life.STOPPING, Life.RESTARTING):
            stopped: Deferred[None] = Deferred()
            self._stopping.append(stopped)
            was_trying = self._life is Life.TRYING
            self._life = Life.STOPPING
            if was_trying and self._link is not None:
                self._link.close()
            return stopped
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        self._stop()
        return defer.succeed(None)

    # --- one connection after another

    def _connect(self) -> None:
        self._life = Life.TRYING
        self._retry = None
        self._link = Link(self._factory, self._prepare, self._connected, self._over)
        self._link.open(self._endpoint)

    def _connected(self, protocol: Any) -> None:
        self._failures = 0
        waiting, self._waiting = self._waiting, []
        for deferred, _ in waiting:
            deferred.callback(protocol)

    def _over(self, reason: Failure, was_ready: bool) -> None:
        """The attempt has failed, or the connection is lost."""
        self._link = None
        if self._life is Life.STOPPING:
            self._stop()
        elif self._life is Life.RESTARTING:
            self._tell_stopped()
            self._connect()
        else:
            self._life = Life.WAITING
            if not was_ready:
                self._count_failure(reason)
            if self._life is Life.WAITING:  # a Deferred that has just failed may have stopped us
                self._wait(reason)

    def _wait(self, reason: Failure) -> None:
        self._failures += 1
        delay_s = self._delay_after(self._failures)
        why = " ".join(reason.getErrorMessage().split())
        log.msg(f"{path_of(self)} tries again in {delay_s:.1f} s ({why}; number {self._failures} in a row)")
        self._retry = the_reactor(self._clock).callLater(delay_s, self._connect)

    def _count_failure(self, reason: Failure) -> None:
        waiting, self._waiting = self._waiting, []
        patient = [(one, left if left is None else left - 1) for one, left in waiting]
        self._waiting = [(one, left) for one, left in patient if left is None or left > 0]
        for deferred, left in patient:
            if left is not None and left <= 0:
                deferred.errback(reason)

    def _stop(self) -> None:
        self._life = Life.STOPPED
        waiting, self._waiting = self._waiting, []
        for deferred, _ in waiting:
            deferred.errback(CancelledError())
        self._tell_stopped()

    def _tell_stopped(self) -> None:
        stopping, self._stopping = self._stopping, []
        for deferred in stopping:
            deferred.callback(None)
