"""Starting to log somewhere, and stopping.

While an observer that was started here listens, nothing is printed on standard error by the log itself; and if the
program wants that, what it prints is logged. Stopping gives both back.
"""

from __future__ import annotations

import sys

from reactor.log.events import Observer
from reactor.log.printed import LoggingFile
from reactor.log.program import addObserver, msg, print_errors, removeObserver, theLogPublisher


def startLoggingWithObserver(observer: Observer, setStdout: bool = True) -> None:
    """Tell this observer everything that is logged, and print no more errors on standard error.

    setStdout: have what the program prints, on standard output and standard error, logged instead.
    """
    theLogPublisher.removeObserver(print_errors)
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
        addObserver(print_errors)
