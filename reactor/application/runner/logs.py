"""Where the log goes: a file that rotates, standard output, syslog, or the journal."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from typing import Any

from reactor import log
from reactor.application.runner.errors import RunnerError
from reactor.application.runner.files import NO_LINKS, check_only_name, reason
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

    observer: gets every event. file: the log file, if there is one. outbox: the messages for another process, if the
    log goes there.
    """

    observer: Observer
    file: BaseLogFile | None = None
    outbox: Any = None

    def reopen(self) -> None:
        """Begin a new file of the same name, after the old one was renamed. If that fails, the old one goes on."""
        if self.file is not None:
            try:
                self.file.reopen()
            except OSError as problem:
                log.err(f"the log can't be opened again, and goes on in the old file: {problem}")

    def give_to(self, who: Identity) -> None:
        """Make the user that we are about to become the file's owner; not that of a device, such as /dev/null."""
        if self.file is not None and stat.S_ISREG(os.fstat(self.file.fileno()).st_mode):
            os.fchown(self.file.fileno(), who.uid, who.gid)

    def close(self) -> None:
        """Write what is left, and log no more."""
        log.stopLogging(self.observer)
        if self.file is not None:
            self.file.close()
        if self.outbox is not None:
            self.outbox.close()


def start(options: Options) -> Log:
    """Begin to log as the options say, also what the program prints. Raises RunnerError when that isn't possible.

    Under the debugger, what the program prints goes to the terminal.
    """
    try:
        chosen = _choose(options)
    except OSError as problem:
        raise RunnerError(f"log {problem.filename}: {reason(problem)}") from problem
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


class _LogFile(LogFile):
    openFlags = LogFile.openFlags | NO_LINKS


class _DailyLogFile(DailyLogFile):
    openFlags = DailyLogFile.openFlags | NO_LINKS


def _log_file(options: Options) -> BaseLogFile:
    assert options.logfile is not None
    file: BaseLogFile
    if options.rotate == "daily":
        file = _DailyLogFile.fromFullPath(options.logfile)
    else:
        file = _LogFile.fromFullPath(options.logfile, options.rotate, maxRotatedFiles=options.keep)
    try:
        check_only_name(file.fileno(), file.path)
    except OSError:
        file.close()
        raise
    return file
