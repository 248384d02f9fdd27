"""An application as a Windows service. Needs pywin32: `pip install pywin32`.

    python -m reactor.application.runner.windows install web --port 8080      what follows is reactord's command line
    net start reactord
    net stop reactord
    python -m reactor.application.runner.windows remove

`--name NAME` before `install` or `remove` gives it another name than "reactord". The service runs in the folder where
it was installed, and logs to reactord.log there; when it can't start, Windows' event log says why, too. It needs no
pid file and no daemon: Windows' service manager does their work.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from reactor import systemd
from reactor.application.errors import ApplicationError
from reactor.application.runner.background import complain
from reactor.application.runner.command import Run
from reactor.application.runner.errors import FAILED, STOPPED, RunnerError, UsageError, status_of
from reactor.application.runner.options import LOGFILE, parse
from reactor.default import the_reactor

NAME = "reactord"
ARGUMENTS = "arguments"  # the registry's name for the folder and reactord's arguments
CLASS = f"{__name__}.Service"  # where Windows' side finds it
USAGE = "write: python -m reactor.application.runner.windows [--name NAME] install|remove [arguments of reactord]"


class Manager:
    """The starter of a Windows service: the service manager, and the event log."""

    def __init__(self, service: Any) -> None:
        self._service = service

    def succeeded(self) -> bool:
        import win32service

        self._service.ReportServiceStatus(win32service.SERVICE_RUNNING)
        return True

    def failed(self, status: int, text: str) -> None:
        import servicemanager

        servicemanager.LogErrorMsg(f"reactord: {text}")


def make_service() -> type:
    """The class of the service: Windows makes an object of it, in a process of its own, to start the service."""
    import win32service
    import win32serviceutil

    class Service(win32serviceutil.ServiceFramework):  # type: ignore[misc]  # pywin32 has no types
        _svc_name_ = NAME
        _svc_display_name_ = "reactord"

        def __init__(self, args: Sequence[str]) -> None:
            super().__init__(args)
            self._name = args[0]

        def SvcDoRun(self) -> None:
            """Run the service until it stops. Windows calls this once, in a thread."""
            folder, arguments = json.loads(win32serviceutil.GetServiceCustomOption(self._name, ARGUMENTS))
            os.chdir(folder)
            _run(arguments, Manager(self))

        def SvcStop(self) -> None:
            """Have the service stop. Windows calls this in another thread."""
            self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)
            reactor = the_reactor()
            reactor.callFromThread(reactor.stop)

    return Service


def _run(arguments: Sequence[str], manager: Manager) -> None:
    try:
        options = parse(arguments)
    except (RunnerError, ApplicationError) as problem:
        manager.failed(status_of(problem), str(problem))
        return
    Run(options, manager, systemd.Notifier(None), handles_signals=False).run()


def __getattr__(name: str) -> Any:
    if name != "Service":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return make_service()


def install(name: str, arguments: Sequence[str]) -> None:
    """Register the service with Windows, with these arguments and this folder, in which it is to run.

    Raises UsageError or ConfigurationError for arguments that reactord would not take.
    """
    import win32service
    import win32serviceutil

    options = parse(["-n", *arguments])
    log = ["-l", LOGFILE] if options.has_terminal_log else []
    kept = [os.getcwd(), ["-n", "--pidfile=", *log, *arguments]]
    win32serviceutil.InstallService(CLASS, name, name, startType=win32service.SERVICE_AUTO_START)
    win32serviceutil.SetServiceCustomOption(name, ARGUMENTS, json.dumps(kept))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    name = NAME
    if given[:1] == ["--name"] and len(given) > 1:
        name, given = given[1], given[2:]
    try:
        import win32serviceutil

        if given[:1] == ["install"]:
            install(name, given[1:])
        elif given == ["remove"]:
            win32serviceutil.RemoveService(name)
        else:
            raise UsageError(USAGE)
    except ImportError as problem:
        complain(f"a service needs pywin32, on Windows: pip install pywin32 ({problem})")
        return FAILED
    except (RunnerError, ApplicationError) as problem:
        complain(str(problem))
        return status_of(problem)
    return STOPPED


if __name__ == "__main__":
    sys.exit(main())
