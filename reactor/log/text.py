"""Events as lines of text in a file: date, time, system, message."""

from __future__ import annotations

import time
from _thread import RLock
from typing import Any, Protocol

from reactor.log.characters import on_one_line, visible
from reactor.log.events import Event, moment, safely, textFromEventDict
from reactor.log.printed import LoggingFile
from reactor.log.program import addObserver
from reactor.log.starting import startLoggingWithObserver, stopLogging


class TextFile(Protocol):
    """A file that a log can be written to."""

    def write(self, text: str, /) -> Any:
        """Write some text. It may be buffered."""

    def flush(self) -> Any:
        """Write what is buffered."""


class FileLogObserver:
    """Writes one line for each event, and flushes it: what was logged is there, however the program ends.

    timeFormat: for `time.strftime`; None is year to second, and the offset to UTC.
    Lines that follow the first of a message begin with a tab, so that every other line begins a message. What a
    terminal would obey, such as a carriage return, is written as an escape. Any thread may log.
    """

    timeFormat: str | None = None

    def __init__(self, f: TextFile) -> None:
        self.write = f.write
        self.flush = f.flush
        self._one_at_a_time = RLock()

    def emit(self, event: Event) -> None:
        """Write one event. This is the observer. Raises what writing to the file raises."""
        line = self.formatEvent(event)
        with self._one_at_a_time:
            try:
                self.write(line)
            except UnicodeEncodeError:  # a file in ASCII, or half a character in the message
                self.write(line.encode("ascii", "backslashreplace").decode("ascii"))
            self.flush()

    __call__ = emit

    def formatEvent(self, event: Event) -> str:
        """The line for an event, with its line end."""
        text = visible(textFromEventDict(event)).replace("\n", "\n\t")
        system = on_one_line(safely(str, event.get("system", "-")))
        return f"{self.formatTime(moment(event))} [{system}] {text}\n"

    def formatTime(self, when: float) -> str:
        """A time, given in seconds since 1970, as the line shows it: local time."""
        return time.strftime(self.timeFormat or "%Y-%m-%d %H:%M:%S%z", time.localtime(when))

    def start(self) -> None:
        """Write what is logged from now on."""
        addObserver(self.emit)

    def stop(self) -> None:
        """Write no more; what the program prints is printed again, if it was logged."""
        stopLogging(self.emit)


def startLogging(file: TextFile, setStdout: bool = True) -> FileLogObserver | None:
    """Write everything that is logged to an open text file, with date and time, and stop printing errors on stderr.

    setStdout: have what the program prints, on standard output and standard error, logged instead.
    Returns the observer, whose `stop()` ends it; None when `file` is a `sys.stdout` or `sys.stderr` that is itself
    logged, which would be a circle.
    """
    if isinstance(file, LoggingFile):
        return None
    observer = FileLogObserver(file)
    startLoggingWithObserver(observer.emit, setStdout)
    return observer
