"""To and from Python's own `logging`.

    PythonLoggingObserver().start()                              what we log goes to logging's handlers
    logging.getLogger().addHandler(ReactorHandler())             what others log there goes to our observers

Both may be used at once without an endless loop: each recognises what the other has passed on, and skips it.
"""

from __future__ import annotations

import logging

from reactor.failure import Failure
from reactor.log.events import Event, failure_of, level, reason, textFromEventDict
from reactor.log.program import msg
from reactor.log.starting import startLoggingWithObserver, stopLogging


class PythonLoggingObserver:
    """Hands events to a logger, errors as ERROR and everything else as INFO, unless the event has a `logLevel`.

    loggerName: the logger's. An exception is passed along, so that handlers show its traceback as they show others.
    """

    def __init__(self, loggerName: str = "reactor") -> None:
        self.logger = logging.getLogger(loggerName)

    def emit(self, event: Event) -> None:
        """Pass one event on to `logging`. This is the observer."""
        if "logRecord" in event:  # it comes from logging
            return
        failure = failure_of(event)
        if failure is None:
            text, exc_info = textFromEventDict(event), None
        else:
            text = reason(event)
            exc_info = (failure.type, failure.value, failure.tb)
        self.logger.log(level(event), "%s", text, exc_info=exc_info, extra={"reactor_event": event})

    __call__ = emit

    def start(self) -> None:
        """Pass on everything that is logged from now on, and stop printing errors on standard error."""
        startLoggingWithObserver(self.emit, setStdout=False)

    def stop(self) -> None:
        """Pass nothing on any more."""
        stopLogging(self.emit)


class ReactorHandler(logging.Handler):
    """Hands the records of `logging` to the observers of `reactor.log`; the system is the logger's name."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log one record. Called by `logging`; errors go to `logging.Handler.handleError`."""
        if hasattr(record, "reactor_event"):  # it comes from us
            return
        try:
            self._log(record)
        except Exception:
            self.handleError(record)

    def _log(self, record: logging.LogRecord) -> None:
        text = self.formatter.format(record) if self.formatter else record.getMessage()
        problem = record.exc_info[1] if record.exc_info else None
        msg(
            *(() if problem else (text,)),
            **({"failure": Failure(problem), "why": text} if problem else {}),
            time=record.created,
            system=record.name,
            logLevel=record.levelno,
            isError=int(record.levelno >= logging.ERROR),
            logRecord=record,
        )
