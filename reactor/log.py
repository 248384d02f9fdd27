"""Where errors go that have nobody to go to.

An exception in a handler must not stop the loop, and must not vanish either. `err` hands it to every observer as an
*event*, a dictionary. Until `startLogging`, one observer is there by itself: it prints errors on standard error and
drops all else. An observer that raises is reported to the others, and never to the code that logs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import IO, Any

from reactor.failure import Failure

__all__ = ["addObserver", "deferr", "err", "msg", "removeObserver", "startLogging", "textFromEventDict"]

Event = dict[str, Any]
Observer = Callable[[Event], object]


def _print_errors(event: Event) -> None:
    if event["isError"] and sys.stderr is not None:  # a program without a terminal may have none
        print(textFromEventDict(event), file=sys.stderr, flush=True)


_observers: list[Observer] = [_print_errors]


def addObserver(observer: Observer) -> None:
    """Call `observer(event)` for everything that is logged from now on.

    event: has `message` (a tuple), `time` (seconds since 1970), `system` (who speaks) and `isError` (0 or 1); an error
        also has `failure` and `why` (text or None); and then what the caller of `msg` or `err` gave by name.
    """
    _observers.append(observer)


def removeObserver(observer: Observer) -> None:
    """Undo one `addObserver`. Raises ValueError if it isn't there."""
    _observers.remove(observer)


def startLogging(file: IO[str], setStdout: bool = False) -> Observer:
    """Write everything that is logged to an open text file, a line with date and time each, and no more to stderr.

    setStdout: accepted for Twisted's sake; what programs print stays where it is.
    Returns the observer that writes, for `removeObserver`.
    """

    def write(event: Event) -> None:
        stamp = time.strftime("%Y-%m-%d %H:%M:%S%z", time.localtime(event["time"]))
        text = textFromEventDict(event).replace("\n", "\n\t")
        file.write(f"{stamp} [{event['system']}] {text}\n")
        file.flush()

    if _print_errors in _observers:
        removeObserver(_print_errors)
    addObserver(write)
    return write


def textFromEventDict(event: Event) -> str:
    """An event as a person would read it: the message, or why there was an error, and its traceback.

    A message may also come as a `format` and its parts by name: `msg(format="%(count)d left", count=3)`.
    """
    if "failure" not in event:
        if not event["message"] and "format" in event:
            return str(event["format"] % event)
        return " ".join(str(part) for part in event["message"])
    why = event.get("why") or "Unhandled Error"
    return f"{why}\n{event['failure'].getTraceback().rstrip()}"


def msg(*message: object, **details: object) -> None:
    """Log something that is no error."""
    _publish({"message": message, "isError": 0, **details}, _observers)


def err(problem: object = None, /, why: str | None = None, **details: object) -> None:
    """Log an error.

    problem: a Failure, an exception, or anything that can be printed; left out, the exception being handled now.
    why: what was being done when it happened.
    """
    if problem is None or isinstance(problem, BaseException):
        problem = Failure(problem)
    if isinstance(problem, Failure):
        event = {"message": (), "failure": problem, "why": why}
    else:
        event = {"message": (repr(problem),)}
    _publish({**event, "isError": 1, **details}, _observers)


deferr = err


def _publish(event: Event, observers: list[Observer]) -> None:
    event = {"time": time.time(), "system": "-", **event}
    for observer in list(observers):
        try:
            observer(event)
        except Exception as problem:
            report = {"message": (), "isError": 1, "failure": Failure(problem), "why": f"in log observer {observer!r}"}
            _publish(report, [other for other in observers if other is not observer])
