"""Where errors go that have nobody to go to.

An exception in a handler must not stop the loop, and must not vanish either. `err` hands it to every observer as an
*event*, a dictionary; with no observer of your own, errors are printed on standard error and all else is dropped.
An observer that raises is put aside and reported to the others: logging never raises into the code that logs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from reactor.failure import Failure

__all__ = ["addObserver", "deferr", "err", "msg", "removeObserver"]

Event = dict[str, Any]
Observer = Callable[[Event], object]


def _print_errors(event: Event) -> None:
    if not event["isError"] or sys.stderr is None:
        return
    lines = [event["why"]] if event.get("why") else []
    if "failure" in event:
        lines.append(event["failure"].getTraceback().rstrip())
    lines.extend(str(part) for part in event["message"])
    print("\n".join(lines) or "an error without a message", file=sys.stderr, flush=True)


_observers: list[Observer] = []


def addObserver(observer: Observer) -> None:
    """Call `observer(event)` for everything that is logged from now on.

    event: has `message` (a tuple), `time` (seconds since 1970), `isError` (0 or 1); for an error also `failure` and
        `why` (text or None); and what else the caller of `msg` or `err` gave by name.
    While there is an observer, the default one, which prints errors on standard error, rests.
    """
    _observers.append(observer)


def removeObserver(observer: Observer) -> None:
    """Undo one `addObserver`. Raises ValueError if it isn't there."""
    _observers.remove(observer)


def msg(*message: object, **details: object) -> None:
    """Log something that is no error."""
    _publish({"message": message, "isError": 0, **details})


def err(problem: Failure | BaseException | object = None, why: str | None = None, **details: object) -> None:
    """Log an error.

    problem: a Failure, an exception, or anything that can be printed; left out, the exception being handled now.
    why: what was being done when it happened.
    """
    if problem is None:
        problem = Failure()
    if isinstance(problem, BaseException):
        failure = problem if isinstance(problem, Failure) else Failure(problem)
        _publish({"message": (), "isError": 1, "failure": failure, "why": why, **details})
    else:
        _publish({"message": (repr(problem),), "isError": 1, "why": why, **details})


deferr = err


def _publish(event: Event) -> None:
    event.setdefault("time", time.time())
    for observer in list(_observers) or [_print_errors]:
        try:
            observer(event)
        except Exception as error:
            if observer in _observers:
                _observers.remove(observer)
            _print_errors({"message": (), "isError": 1, "failure": Failure(error), "why": f"log observer {observer!r}"})
