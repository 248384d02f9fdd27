"""The loops that can be asked for by name."""

from __future__ import annotations

import importlib

from reactor import error
from reactor.application.runner.errors import RunnerError, UsageError

NAMES = ("select", "poll", "epoll", "kqueue", "win32", "asyncio", "glib", "gi", "gtk3", "qt")
MODULES = {name: f"reactor.{name}reactor" for name in NAMES} | {"kqueue": "reactor.kqreactor"}


def check(name: str | None) -> None:
    """Raise UsageError for an unknown name. None, and "default", mean the best reactor of this platform."""
    if name not in (None, "default", *MODULES):
        raise UsageError(f"there is no reactor {name!r}; there are {', '.join(MODULES)}")


def install(name: str | None) -> None:
    """Install the reactor of this name. Raises RunnerError when it doesn't work here, UsageError when it is unknown."""
    check(name)
    if name in (None, "default"):
        return
    try:
        importlib.import_module(MODULES[str(name)]).install()
    except error.ReactorAlreadyInstalledError as problem:
        raise RunnerError(f"--reactor {name}: {problem}") from problem
    except Exception as problem:  # a toolkit that isn't installed, or a poller of another system
        raise RunnerError(f"--reactor {name} can't be had here: {problem}") from problem
