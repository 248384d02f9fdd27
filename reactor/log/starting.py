"""Starting to log somewhere, and stopping.

While an observer that was started here is active, the log itself prints nothing on standard error; and, if the program
asks for it, what the program prints is logged. Stopping undoes both.
"""

from __future__ import annotations

import sys

from reactor.log.events import Observer
from reactor.log.printed import LoggingFile
from reactor.log.program import addObserver, msg, print_errors, removeObserver, theLogPublisher


def startLoggingWithObserver(observer: Observer, setStdout: bool = True) -> None:
    """Tell this observer everything that is logged, and stop printing errors on standard error.

    setStdout: have what the program prints, on standard output and standard error, logged instead.
    """
    theLogPublisher.removeObserver(print_errors)
    addObserver(observer)
    if setStdout:
        sys.stdout = LoggingFile(msg, sys.stdout)
        sys.stderr = LoggingFile(msg, sys.stderr, isError=True)
    msg("Log opened.")


def stopLogging(observer: Observer) -> None:
    """Undo `startLoggingWithObserver`: prints go where they went before; so do errors, if no observer is left."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, LoggingFile):
            stream.log_the_rest()
            setattr(sys, name, stream.original)
    removeObserver(observer)
    if not theLogPublisher.observers:
        addObserver(print_errors)
