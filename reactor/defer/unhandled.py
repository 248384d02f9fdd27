"""Failures that no errback handled.

A Deferred whose chain ended in a failure may still get an errback; only when the Deferred is freed is it certain that
none will come. So the Deferred holds the failure in an alarm, which is freed with it and then logs the failure. (A
`__del__` of the Deferred itself would cost every Deferred time; most never fail.)
"""

from __future__ import annotations

from typing import ClassVar
from weakref import WeakSet

from reactor import log
from reactor.defer.history import History
from reactor.failure import Failure


class Alarm:
    """Logs its failure when it is freed. failure: None when it has been handled. history: the Deferred's.

    alive: those that there are: while there is none, nothing is left to be told. A simulated program has its own.
    """

    alive: ClassVar[WeakSet[Alarm]] = WeakSet()

    def __init__(self, failure: Failure | None, history: History | None) -> None:
        Alarm.alive.add(self)
        self.failure = failure
        self.history = history

    def __del__(self) -> None:
        if self.failure is not None:
            story = self.history or "REACTOR_DEBUG=1 tells which line made it"
            log.err(self.failure, f"Unhandled error in Deferred, {story}:")
