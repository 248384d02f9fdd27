"""The log of this program: one publisher, which all code shares, and the functions that log to it.

At first it has one observer, which prints errors on standard error and drops everything else: an error must not vanish
because the program has not started a log. `log/starting.py` replaces it; when no other observer is left, it is back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from reactor.failure import Failure, NoCurrentExceptionError
from reactor.log.characters import visible
from reactor.log.events import Event, Observer, safely, textFromEventDict
from reactor.log.printed import LoggingFile
from reactor.log.publisher import Publisher
from reactor.log.speaker import callWithContext

P = ParamSpec("P")
T = TypeVar("T")


def print_errors(event: Event) -> None:
    """Print an error on standard error, the real one if `sys.stderr` is being logged. Drop everything else."""
    stream = sys.stderr
    while isinstance(stream, LoggingFile):
        stream = stream.original
    if event["isError"] and stream is not None:  # a program without a terminal may have none
        print(visible(textFromEventDict(event)), file=stream, flush=True)


class LogPublisher(Publisher):
    """Tells every observer what is logged; when the last of them fails, errors are printed instead."""

    def __init__(self, *observers: Observer) -> None:
        super().__init__(*observers, last_resort=print_errors)


theLogPublisher = LogPublisher(print_errors)
addObserver = theLogPublisher.addObserver
removeObserver = theLogPublisher.removeObserver
msg = theLogPublisher.msg


def isHeard() -> bool:
    """Whether an observer keeps messages that are no errors: if none does, a busy program need not make them."""
    return theLogPublisher.observers != [print_errors]


def discardLogs() -> None:
    """Remove every observer, the default one too: what is logged from now on is dropped."""
    theLogPublisher.observers.clear()


def err(_stuff: object = None, /, _why: str | None = None, **details: Any) -> None:
    """Log an error. Also an errback: it handles the failure, the result is None.

    _stuff: a Failure, an exception, or anything else, which is logged by its `repr`; left out, the exception that is
        being handled now.
    _why: what was being done when it happened.
    """
    if _stuff is None or isinstance(_stuff, BaseException):
        try:
            _stuff = Failure(_stuff)
        except NoCurrentExceptionError as problem:  # a mistake, but not one to stop a program that reports another
            _stuff = Failure(problem)
    if isinstance(_stuff, Failure):
        msg(**{"failure": _stuff, "why": _why, "isError": 1, **details})
    else:
        msg(safely(repr, _stuff), **{"why": _why, "isError": 1, **details})


deferr = err


def callWithLogger(logger: Any, func: Callable[P, T], /, *args: P.args, **kw: P.kwargs) -> T | None:
    """Call the function with `logger.logPrefix()` as the system of what is logged inside.

    What it raises is logged, and the result is None.
    """
    try:
        prefix = logger.logPrefix()
    except (Exception, SystemExit):
        prefix = "(buggy logPrefix method)"
        err(system=prefix)
    try:
        return callWithContext({"system": prefix}, func, *args, **kw)
    except (Exception, SystemExit):
        err(system=prefix)
        return None


class Logger:
    """An object with a name in the log, for `callWithLogger`."""

    def logPrefix(self) -> str:
        """The name. Override it."""
        return "-"
