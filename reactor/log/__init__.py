"""Where messages go, and errors that have nobody else to go to.

`msg` and `err` make an *event*, a dictionary (`log/events.py` says what is in it), and every observer is called with
it. Until `startLogging`, one observer is there by itself: it prints errors on standard error and drops all else.

An exception in a handler must not stop the loop, and must not vanish either; and logging must not make things worse.
So nothing that goes wrong in an observer reaches the code that logs. An observer that raises is put aside: the others
hear of it, and it hears no more. When none is left, errors are printed again.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from reactor import context
from reactor.failure import Failure, NoCurrentExceptionError
from reactor.log.events import Event, Observer, safely, textFromEventDict
from reactor.log.printed import LoggingFile
from reactor.log.text import FileLogObserver, TextFile

__all__ = [
    "FileLogObserver",
    "ILogContext",
    "LogPublisher",
    "Logger",
    "addObserver",
    "callWithContext",
    "callWithLogger",
    "deferr",
    "discardLogs",
    "err",
    "isHeard",
    "msg",
    "removeObserver",
    "startLogging",
    "startLoggingWithObserver",
    "stopLogging",
    "textFromEventDict",
    "theLogPublisher",
]

P = ParamSpec("P")
T = TypeVar("T")


class ILogContext:
    """The key under which `reactor.context` keeps what belongs into every event."""


context.setDefault(ILogContext, {"system": "-"})

_hearing: ContextVar[tuple[Observer, ...]] = ContextVar("observers that are in the middle of an event", default=())


def _print_errors(event: Event) -> None:
    stream = sys.stderr
    while isinstance(stream, LoggingFile):
        stream = stream.original
    if event["isError"] and stream is not None:  # a program without a terminal may have none
        print(textFromEventDict(event), file=stream, flush=True)


class LogPublisher:
    """Tells every observer what is logged. The program's own is `theLogPublisher`.

    observers: who is told, in this order.
    """

    def __init__(self, *observers: Observer) -> None:
        self.observers: list[Observer] = list(observers)

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
            self.addObserver(_print_errors)
        self.msg(failure=Failure(problem), isError=1, why=f"a log observer raised, and is put aside: {_name(observer)}")


def _name(observer: Observer) -> str:
    return safely(repr, observer)


theLogPublisher = LogPublisher(_print_errors)
addObserver = theLogPublisher.addObserver
removeObserver = theLogPublisher.removeObserver
msg = theLogPublisher.msg


def isHeard() -> bool:
    """Whether anybody keeps what is no error: if not, a busy program can spare itself the words."""
    return theLogPublisher.observers != [_print_errors]


def err(_stuff: object = None, /, _why: str | None = None, **details: Any) -> None:
    """Log an error. Also an errback: it handles the failure, the result is None.

    _stuff: a Failure, an exception, or anything that can be printed; left out, the exception being handled now.
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


def callWithContext(ctx: Mapping[str, Any], func: Callable[P, T], /, *args: P.args, **kw: P.kwargs) -> T:
    """Call the function; every event that is logged inside has what is in `ctx`, such as a `system`."""
    return context.call({ILogContext: {**context.get(ILogContext), **ctx}}, func, *args, **kw)


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
    """Something with a name in the log, for `callWithLogger`."""

    def logPrefix(self) -> str:
        """The name. Override it."""
        return "-"


def startLogging(file: TextFile, setStdout: bool = True) -> FileLogObserver | None:
    """Write everything that is logged to an open text file, a line with date and time each, and no more to stderr.

    setStdout: have what the program prints, on standard output and standard error, logged instead.
    Returns the observer, whose `stop()` ends it; None when the file is what prints are logged through already.
    """
    if isinstance(file, LoggingFile):
        return None
    observer = FileLogObserver(file)
    startLoggingWithObserver(observer.emit, setStdout)
    return observer


def startLoggingWithObserver(observer: Observer, setStdout: bool = True) -> None:
    """As `startLogging`, with an observer of any kind."""
    theLogPublisher.removeObserver(_print_errors)
    addObserver(observer)
    if setStdout:
        sys.stdout = LoggingFile(msg, sys.stdout)
        sys.stderr = LoggingFile(msg, sys.stderr, isError=True)
    msg("Log opened.")


def stopLogging(observer: Observer) -> None:
    """Undo `startLoggingWithObserver`: what is printed goes where it went before; errors too, if nobody else hears."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, LoggingFile):
            stream.log_the_rest()
            setattr(sys, name, stream.original)
    removeObserver(observer)
    if not theLogPublisher.observers:
        addObserver(_print_errors)


def discardLogs() -> None:
    """Log to nobody: what was logged to, and the default too, hears no more."""
    theLogPublisher.observers.clear()


def __getattr__(name: str) -> Any:
    if name == "PythonLoggingObserver":  # brings `logging`
        from reactor.log.bridge import PythonLoggingObserver

        return PythonLoggingObserver
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
