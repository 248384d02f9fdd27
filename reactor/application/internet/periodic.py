"""Work while a service runs: a function that is called again and again, and long work in small pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from reactor import log
from reactor.application.tree import Service, path_of
from reactor.default import the_reactor
from reactor.defer import Deferred
from reactor.interfaces import IReactorTime
from reactor.task import Cooperator, LoopingCall

I = TypeVar("I", bound=Iterator[Any])  # noqa: E741  # as `reactor.task` calls it: the iterator that is given and comes back


class TimerService(Service):
    """Calls a function when it starts, and then every `step` seconds until it stops.

    call: the function and its arguments. clock: for the seconds; the program's reactor unless set.
    When the function fails, that is logged, and it isn't called any more. If it returns a Deferred, the next call waits
    for it, and so does stopping.
    """

    clock: IReactorTime | None = None

    def __init__(self, step: float, callable: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        self.step = step
        self.call = (callable, args, kwargs)
        self._loop: LoopingCall | None = None
        self._ended: Deferred[Any] | None = None

    def startService(self) -> None:
        super().startService()
        function, args, kwargs = self.call
        self._loop = LoopingCall(function, *args, **kwargs)
        self._loop.clock = the_reactor(self.clock)
        self._ended = self._loop.start(self.step).addErrback(
            log.err, f"in the calls of {path_of(self)}; it makes no more"
        )

    def stopService(self) -> Deferred[Any] | None:
        super().stopService()
        if self._loop is not None and self._loop.running:
            self._loop.stop()
        return self._ended


class CooperatorService(Service):
    """Works on iterators, a piece of each at a time, while it runs. See `reactor.task.Cooperator`.

    coop: the cooperator.
    """

    def __init__(self) -> None:
        self.coop = Cooperator(started=False)

    def coiterate(self, iterator: I) -> Deferred[I]:
        """Work on this iterator, too. The Deferred gives it back at its end, or SchedulerStopped at ours."""
        return self.coop.coiterate(iterator)

    def startService(self) -> None:
        super().startService()
        self.coop.start()

    def stopService(self) -> Deferred[Any] | None:
        super().stopService()
        self.coop.stop()
        return None
