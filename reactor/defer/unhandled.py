"""Failures that nobody handled.

A Deferred whose chain ended in a failure may yet get an errback; only when the Deferred is collected is it certain
that nobody will. So the failure is left with an alarm that goes off when *it* is collected. (A `__del__` of the
Deferred itself would cost every Deferred; most never fail.)
"""

from __future__ import annotations

from reactor import log
from reactor.defer.history import History
from reactor.failure import Failure


class Alarm:
    """Reports its failure when it goes. failure: None when somebody has taken it. history: of the Deferred."""

    def __init__(self, failure: Failure | None, history: History | None) -> None:
        self.failure = failure
        self.history = history

    def __del__(self) -> None:
        if self.failure is not None:
            story = self.history or "REACTOR_DEBUG=1 tells which line made it"
            log.err(self.failure, f"Unhandled error in Deferred, {story}:")
