"""Where the log goes: a file that turns over, standard output, syslog, or the journal."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Any

from reactor import log
from reactor.application.runner.errors import RunnerError
from reactor.application.runner.options import Options
from reactor.application.runner.privileges import Identity
from reactor.log.events import Observer
from reactor.log.journal import JournalObserver
from reactor.log.jsonlines import JSONFileLogObserver
from reactor.logfile import BaseLogFile, DailyLogFile, LogFile
from reactor.syslog import LOG_DAEMON, SyslogObserver


@dataclass
class Log:
    """The log of a run.

    observer: hears everything. file: what it writes to, if that is a file of ours. outbox: what it waits in, if it is
    for another process.
    """

    observer: Observer
    file: BaseLogFile | None = None
    outbox: Any = None

    def reopen(self) -> None:
        """Somebody has renamed the file: begin one under the old name. What goes wrong is logged, in the old one."""
        if self.file is not None:
            try:
                self.file.reopen()
            except OSError as problem:
                log.err(f"the log can't be opened again, and goes on in the old file: {problem}")

    def give_to(self, who: Identity) -> None:
        """Let the one we are about to become write it."""
        if self.file is not None:
            os.fchown(self.file.fileno(), who.uid, who.gid)

    def close(self) -> None:
        """Write what is left, and stop listening."""
        log.stopLogging(self.observer)
        if self.file is not None:
            self.file.close()
        if self.outbox is not None:
            self.outbox.close()


def start(options: Options) -> Log:
    """Begin to log as the options say, what the program prints too. Raises RunnerError when that can't be.

    Under the debugger what is printed is for the terminal.
    """
    try:
        chosen = _choose(options)
    except OSError as problem:
        raise RunnerError(f"log {problem.filename}: {problem.strerror}") from problem
    log.startLoggingWithObserver(chosen.observer, setStdout=not options.debug)
    return chosen


def _choose(options: Options) -> Log:
    if options.syslog:
        syslog = SyslogObserver(options.prefix, facility=LOG_DAEMON)
        return Log(syslog.emit, outbox=syslog.outbox)
    if options.journal:
        journal = JournalObserver(options.prefix)
        return Log(journal.emit, outbox=journal.outbox)
    file = None if options.has_terminal_log else _log_file(options)
    kind = JSONFileLogObserver if options.json else log.FileLogObserver
    return Log(kind(file or sys.stdout).emit, file)


def _log_file(options: Options) -> BaseLogFile:
    assert options.logfile is not None
    if options.rotate == "daily":
        return DailyLogFile.fromFullPath(options.logfile)  # type: ignore[no-any-return]  # of the class it is called on
    return LogFile.fromFullPath(options.logfile, options.rotate, maxRotatedFiles=options.keep)  # type: ignore[no-any-return]  # likewise
