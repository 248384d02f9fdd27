"""Telling observers what is logged, and surviving them.

Logging must not make things worse, so nothing that goes wrong in an observer reaches the code that logs. Two rules:

- What an observer logs while it is told of an event goes to all others, and not back to itself: that would never end.
  What a signal's handler logs that interrupts it is somebody else's word: it waits until the observer has done.
- An observer that raises is put aside: it gets no more events, and the others get one that says so. When none is left,
  a last resort takes its place. The maker of the publisher chooses that: the publisher itself knows no observer.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import deque
from contextvars import ContextVar
from types import FrameType
from typing import Any

from reactor import context
from reactor.failure import Failure
from reactor.log.events import Event, Observer, safely
from reactor.log.speaker import ILogContext, system

_hearing: ContextVar[tuple[Observer, ...]] = ContextVar("observers that are in the middle of an event", default=())


class Publisher:
    """Tells every observer what is logged.

    observers: called in this order. last_resort: called when the last of them has been put aside.
    """

    def __init__(self, *observers: Observer, last_resort: Observer) -> None:
        self.observers: list[Observer] = list(observers)
        self._last_resort = last_resort
        self._waiting: deque[tuple[Observer, Event]] = deque()

    def addObserver(self, other: Observer) -> None:
        """Call `other(event)` for everything that is logged from now on.

        What it logs itself goes to the other observers only. One that raises is put aside: see above.
        """
        self.observers.append(other)

    def removeObserver(self, other: Observer) -> None:
        """Undo one `addObserver`. An observer that isn't there, perhaps because it was put aside, is no error."""
        if other in self.observers:
            self.observers.remove(other)

    def msg(self, *message: object, **details: Any) -> None:
        """Log something; an error if the details say `isError=1`.

        message: any things; the log shows them as text with spaces between. None with a `format` among the details:
            `msg(format="%(count)d left", count=3)`.
        """
        event = {"isError": 0, "time": time.time(), **context.get(ILogContext), **details, "message": message}
        if event.get("system") == "-" and "system" not in details:
            event["system"] = system()
        self._publish(event)

    def _publish(self, event: Event) -> None:
        busy = _hearing.get()
        for observer in tuple(self.observers):
            if observer not in busy:
                self._tell(observer, event)
            elif _a_handler_logs():
                self._waiting.append((observer, event))
        while self._waiting and not busy:
            observer, event = self._waiting.popleft()
            if observer in self.observers:  # it may have been put aside since
                self._tell(observer, event)

    def _tell(self, observer: Observer, event: Event) -> None:
        token = _hearing.set((*_hearing.get(), observer))
        try:
            observer(event)
        except KeyboardInterrupt:
            raise
        except BaseException as problem:  # a cancelled future's CancelledError is none of Exception
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


def _a_handler_logs() -> bool:
    """Whether a signal's handler has interrupted the observer that is told of an event, and logs: not the observer."""
    codes = {_code_of(signal.getsignal(number)) for number in signal.valid_signals()}
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_code is not Publisher._tell.__code__:
        if frame.f_code in codes:
            return True
        frame = frame.f_back
    return False


def _code_of(handler: Any) -> Any:
    """What runs when a function, a method or a partial is called; None for a number or a thing made in C."""
    handler = getattr(handler, "func", handler)
    return getattr(getattr(handler, "__func__", handler), "__code__", None)
