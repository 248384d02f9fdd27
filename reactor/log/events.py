"""What is logged: an event is a dictionary with these keys.

    message     the things that were logged, a tuple; empty for an error that has a failure
    format      or: a text with %(name)s in it; the values for the names are in the event, too
    time        when, seconds since 1970
    system      the part of the program that logs this, "-" if it doesn't say
    isError     1 for errors, else 0
    failure     the exception
    why         what was being done when it was raised, a text or None
    logLevel    how much it matters, a number of the module `logging`; left out, it follows from isError

and whatever else was given by name. Nothing in an event can make these functions raise: a log that fails on an odd
message fails just when it is needed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from reactor.failure import Failure

Event = dict[str, Any]
Observer = Callable[[Event], object]

YEAR_3000 = 32503680000  # seconds; on some systems localtime() fails for times soon after
INFO, ERROR = 20, 40  # of the module `logging`, which is large, and not imported for two numbers


def textFromEventDict(event: Mapping[str, Any]) -> str:
    """An event as text for people: the message; or, for a failure, what was being done and the traceback."""
    failure = failure_of(event)
    if failure is not None:
        return f"{reason(event)}\n{safely(_traceback, failure)}"
    message = event.get("message", ())
    if message or "format" not in event:
        return " ".join(safely(str, part) for part in message)
    return safely(lambda _: str(event["format"] % event), event["format"])


def level(event: Mapping[str, Any]) -> int:
    """How much an event matters, as a level of the module `logging`."""
    given = event.get("logLevel")
    return given if isinstance(given, int) else ERROR if event.get("isError") else INFO


def failure_of(event: Mapping[str, Any]) -> Failure | None:
    """The failure that an event is about, or None."""
    found = event.get("failure")
    return found if isinstance(found, Failure) else None


def reason(event: Mapping[str, Any]) -> str:
    """What was being done when the failure happened."""
    why = event.get("why")
    return safely(str, why) if why else "Unhandled Error"


def moment(event: Mapping[str, Any]) -> float:
    """When it happened, seconds since 1970; now, if the event has no time or an impossible one."""
    when = event.get("time")
    return when if isinstance(when, int | float) and 0 <= when < YEAR_3000 else time.time()


def safely(render: Callable[[Any], str], thing: Any) -> str:
    """`render(thing)`; if that raises, a text that says so, with as much of the thing as can be shown."""
    try:
        return render(thing)
    except Exception as problem:
        return f"<cannot be shown: {_described(thing)}; {type(problem).__name__}: {_described(problem)}>"


def _described(thing: Any) -> str:
    try:
        return repr(str(thing)) if isinstance(thing, BaseException) else repr(thing)
    except Exception:
        return f"a {type(thing).__name__}"


def _traceback(failure: Failure) -> str:
    return failure.getTraceback().rstrip()
