"""Where messages go, and errors that no caller is left to handle.

`msg` and `err` make an *event*, a dictionary (`log/events.py` says what is in it), and every observer is called with
it (`log/publisher.py`). Until `startLogging`, there is one default observer: it prints errors on standard error and
drops everything else (`log/program.py`).

An exception in a handler must not stop the loop, and must not vanish either; and logging must not make things worse.
So nothing that goes wrong in an observer reaches the code that logs.
"""

from __future__ import annotations

from typing import Any

from reactor.log.events import textFromEventDict
from reactor.log.program import (
    Logger,
    LogPublisher,
    addObserver,
    callWithLogger,
    deferr,
    discardLogs,
    err,
    isHeard,
    msg,
    removeObserver,
    theLogPublisher,
)
from reactor.log.speaker import ILogContext, callWithContext
from reactor.log.starting import startLoggingWithObserver, stopLogging
from reactor.log.text import FileLogObserver, startLogging

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


def __getattr__(name: str) -> Any:
    if name == "PythonLoggingObserver":  # brings `logging`
        from reactor.log.bridge import PythonLoggingObserver

        return PythonLoggingObserver
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
