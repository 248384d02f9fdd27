"""What is logged: an event is a dictionary, and here is how it reads.

    message     what was said, a tuple; empty for an error that has a failure
    format      or: a text with %(name)s in it, and the names beside it in the event
    time        when, seconds since 1970
    system      who speaks, "-" if nobody in particular
    isError     1 for errors, else 0
    failure     the exception, and why: what was being done, a text or None
    logLevel    how much it matters, a number of the module `logging`; left out, it follows from isError

and whatever else was given by name. Nothing in an event can make these functions raise: a log that fails on the odd
message fails when it is needed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from reactor.failure import Failure

Event = dict[str, Any]
Observer = Callable[[Event], object]

YEAR_3000 = 32503680000  # seconds; there are systems whose calendars end soon after
INFO, ERROR = 20, 40  # of the module `logging`, which is large, and not imported for two numbers


def textFromEventDict(event: Mapping[str, Any]) -> str:
    """An event as a person would read it: the message, or why there was an error, and its traceback."""
    failure = failure_of(event)
    if failure is not None:
        return f"{reason(event)}\n{safely(_traceback, failure)}"
    message = event.get("message", ())
    if message or "format" not in event:
        return " ".join(safely(str, part) for part in message)
    return safely(lambda _: str(event["format"] % event), event["format"])


def level(event: Mapping[str, Any]) -> int:
    """How much an event matters, as the module `logging` counts."""
    given = event.get("logLevel")
    return given if isinstance(given, int) else ERROR if event.get("isError") else INFO


def failure_of(event: Mapping[str, Any]) -> Failure | None:
    """The failure that an event is about, if it is about one."""
    found = event.get("failure")
    return found if isinstance(found, Failure) else None


def reason(event: Mapping[str, Any]) -> str:
    """What was being done when the failure happened."""
    why = event.get("why")
    return safely(str, why) if why else "Unhandled Error"


def moment(event: Mapping[str, Any]) -> float:
    """When it was, seconds since 1970; now, if the event doesn't say, or says something else."""
    when = event.get("time")
    return when if isinstance(when, int | float) and 0 <= when < YEAR_3000 else time.time()


def safely(render: Callable[[Any], str], thing: Any) -> str:
    """What `render` makes of a thing; if it raises, what can still be said."""
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
