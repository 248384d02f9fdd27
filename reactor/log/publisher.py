"""Telling observers what is logged, and surviving them.

Logging must not make things worse, so nothing that goes wrong in an observer reaches the code that logs. Two rules:

- What an observer logs while it is told of an event goes to all others, and not back to it. Else there is no end.
- An observer that raises is put aside: the others hear of it, and it hears no more. When none is left, a last resort
  takes its place. What that is, whoever makes the publisher decides: the publisher itself knows no observer.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import Any

from reactor import context
from reactor.failure import Failure
from reactor.log.events import Event, Observer, safely
from reactor.log.speaker import ILogContext

_hearing: ContextVar[tuple[Observer, ...]] = ContextVar("observers that are in the middle of an event", default=())


class Publisher:
    """Tells every observer what is logged.

    observers: who is told, in this order. last_resort: who is told when the last of them has been put aside.
    """

    def __init__(self, *observers: Observer, last_resort: Observer) -> None:
        self.observers: list[Observer] = list(observers)
        self._last_resort = last_resort

    def addObserver(self, other: Observer) -> None:
        """Call `other(event)` for everything that is logged from now on.

        What it logs itself meanwhile goes to the others. One that raises is put aside: see above.
        """
        self.observers.append(other)

    def removeObserver(self, other: Observer) -> None:
        """Undo one `addObserver`. One that isn't there, for instance because it was put aside, is no error."""
        if other in self.observers:
            self.observers.remove(other)

    def msg(self, *message: object, **details: Any) -> None:
        """Log something; an error if the details say `isError=1`.

        message: any things; the log shows them as text with spaces between. None with a `format` among the details:
            `msg(format="%(count)d left", count=3)`.
        """
        self._publish({"isError": 0, "time": time.time(), **context.get(ILogContext), **details, "message": message})

    def _publish(self, event: Event) -> None:
        busy = _hearing.get()
        for observer in tuple(self.observers):
            if observer in busy:  # it is the one that logs this
                continue
            token = _hearing.set((*busy, observer))
            try:
                observer(event)
            except (Exception, SystemExit) as problem:
                self._put_aside(observer, problem)
            finally:
                _hearing.reset(token)

    def _put_aside(self, observer: Observer, problem: BaseException) -> None:
        self.removeObserver(observer)
        if not self.observers:
            self.addObserver(self._last_resort)
        self.msg(
            failure=Failure(problem),
            isError=1,
            why=f"a log observer raised, and is put aside: {safely(repr, observer)}",
        )
