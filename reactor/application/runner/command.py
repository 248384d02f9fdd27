"""From the command line to the exit status."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from reactor import log, systemd
from reactor.application import own_files, plugins
from reactor.application.application import Application
from reactor.application.errors import ApplicationError, StartError, in_one_line
from reactor.application.loading import load
from reactor.application.runner import logs, privileges, reactors
from reactor.application.runner.background import Starter, Terminal, complain, detach
from reactor.application.runner.errors import FAILED, STOPPED, RunnerError, UsageError, status_of
from reactor.application.runner.options import Options, parse, release
from reactor.application.runner.pidfile import PidFile
from reactor.application.runner.privileges import Identity
from reactor.application.runner.reloading import reload
from reactor.application.runner.stopping import Deadline, handle_signals
from reactor.application.runner.watching import Profile, run_under_pdb
from reactor.application.starting import privilegedStart, startApplication, stopAgain
from reactor.default import the_reactor

A_DAY_S = 86400.0  # no deadline to speak of: a person in the debugger may take long
INTERRUPTED = 130  # 128 + SIGINT: a shell's status for a program that Ctrl-C has ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments say, `sys.argv` unless given. Returns the exit status (see `errors.py`).

    In the background this process waits until it is clear whether the daemon runs, and ends by SystemExit.
    """
    try:
        options = parse(sys.argv[1:] if arguments is None else arguments)
        if options.plugin[1:2] in (["--help"], ["-h"]):
            print(plugins.find(options.plugin[0]).help(), end="")
            return STOPPED
    except (UsageError, ApplicationError) as problem:
        complain(str(problem))
        return status_of(problem)
    systemd.inherited()
    notifier = systemd.Notifier.fromEnvironment()
    try:
        return Run(options, Terminal() if options.nodaemon else detach(), notifier).run()
    except KeyboardInterrupt:
        return INTERRUPTED


class Run:
    """One run of an application.

    starter: is told whether it started. notifier: systemd. handles_signals: whether signals stop it; True only in the
    main thread.
    """

    def __init__(
        self, options: Options, starter: Starter, notifier: systemd.Notifier, handles_signals: bool = True
    ) -> None:
        self._options = options
        self._starter = starter
        self._notifier = notifier
        self._handles_signals = handles_signals
        self._was_heard = True
        self._written: logs.Log | None = None

    def run(self) -> int:
        """Start, serve, and stop. Returns the exit status; the starter has been told what went wrong."""
        status, text = FAILED, ""
        with contextlib.ExitStack() as undo:
            try:
                self._serve(undo)
            except (RunnerError, ApplicationError) as problem:
                status, text = status_of(problem), str(problem)
                self._note(text)
            except Exception as problem:
                text = in_one_line(problem)
                log.err(problem, "while the application was run")
        if text:
            self._starter.failed(status, text)
            return status
        return STOPPED if self._was_heard else FAILED

    def _note(self, text: str) -> None:
        """Log it too, unless the log is on the terminal, where the starter prints it anyway."""
        if self._written is not None and not self._options.has_terminal_log:
            log.msg(text, isError=1)

    def _serve(self, undo: contextlib.ExitStack) -> None:
        options = self._options
        reactors.check(options.reactor)
        who = privileges.identity(options.uid, options.gid)
        if who is not None:
            who.check()
        self._go_there()
        own_files.claim(options.pidfile, options.logfile, options.profile, options.config)
        pidfile = self._pidfile(undo)
        profile = Profile(options.profile, not options.savestats) if options.profile else None
        self._written = written = logs.start(options)
        undo.callback(written.close)
        reactors.install(options.reactor)
        application = self._application()
        who = who or self._wanted_by(application)
        reactor = the_reactor()
        if options.chroot:
            privileges.shut_in(options.chroot)
        stop_timeout_s = A_DAY_S if options.debug else options.stop_timeout
        deadline = Deadline(stop_timeout_s, last_words=lambda: _all_of(pidfile.release, written.close))
        reactor.addSystemEventTrigger("before", "shutdown", self._stopping, deadline)
        self._start(application, who, written)
        if pidfile.stale:
            log.msg(f"took over {pidfile.path}: process {pidfile.stale} ended without removing it")
        reactor.callWhenRunning(self._runs, reactor, application, deadline, written)
        self._turn(reactor, profile)
        log.msg(f"{application.name} has stopped")

    def _go_there(self) -> None:
        options = self._options
        if options.rundir is not None:
            try:
                os.chdir(options.rundir)
            except OSError as problem:
                raise RunnerError(f"--rundir {options.rundir}: {problem.strerror}") from problem
        if options.umask is not None:
            os.umask(options.umask)

    def _pidfile(self, undo: contextlib.ExitStack) -> PidFile:
        pidfile = PidFile(self._options.pidfile)
        if pidfile.path:
            pidfile.acquire()
            undo.callback(pidfile.release)
        return pidfile

    def _application(self) -> Application:
        options = self._options
        if options.python is not None:
            return load(options.python)
        name, arguments = next(iter(options.plugin), None), options.plugin[1:]
        if options.configuration is None:
            return plugins.find(str(name)).makeApplication(arguments)
        if name is None:
            return options.configuration.makeApplication()
        return options.configuration.makeApplicationOf(name, arguments)

    def _wanted_by(self, application: Application) -> Identity | None:
        """The identity that the application itself asks for; None where we aren't root."""
        is_root = os.name == "posix" and os.geteuid() == 0
        return privileges.identity(application.uid, application.gid) if is_root else None

    def _start(self, application: Application, who: Identity | None, written: logs.Log) -> None:
        """Start all services or none: when one fails, those that have begun to start are stopped again."""
        try:
            privilegedStart(application)
            if who is not None:
                written.give_to(who)
                who.become()
            startApplication(application, self._options.save)
        except StartError as problem:
            stopAgain(problem)
            raise

    def _runs(self, reactor: Any, application: Application, deadline: Deadline, written: logs.Log) -> None:
        """The loop calls this in its first turn."""
        if self._handles_signals:
            reloading = partial(reload, application, written, self._notifier)
            handle_signals(reactor, deadline, None if self._may_hang_up() else reloading, not self._options.debug)
        self._was_heard = self._starter.succeeded()
        if not self._was_heard:
            log.msg("who started it is gone: stopping")
            reactor.stop()
            return
        log.msg(f"{application.name} runs: reactord {release()}, process {os.getpid()}, {type(reactor).__name__}")
        self._notifier.notify(READY=1, MAINPID=os.getpid(), STATUS=f"{application.name} runs")
        self._keep_the_watchdog_quiet(reactor)

    def _may_hang_up(self) -> bool:
        """Whether we run at a terminal: SIGHUP means then that the terminal is gone, and not that we should reload."""
        return self._options.nodaemon and os.isatty(0)

    def _keep_the_watchdog_quiet(self, reactor: Any) -> None:
        """Tell systemd that the loop turns, twice as often as it asks for."""
        if self._notifier.watchdog_s is not None:
            self._notifier.notify(WATCHDOG=1)
            reactor.callLater(self._notifier.watchdog_s / 2, self._keep_the_watchdog_quiet, reactor)

    def _stopping(self, deadline: Deadline) -> None:
        """The loop calls this when it was told to stop, before the services stop."""
        deadline.begin()
        self._notifier.notify(STOPPING=1)

    def _turn(self, reactor: Any, profile: Profile | None) -> None:
        if profile is not None:
            profile.run(lambda: reactor.run(self._handles_signals))
        elif self._options.debug:
            run_under_pdb(reactor)
        else:
            reactor.run(self._handles_signals)


def _all_of(*actions: Callable[[], object]) -> None:
    for action in actions:
        action()
