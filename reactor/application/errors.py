"""What can go wrong before an application runs. Each error says in one line what went wrong, and where."""

from __future__ import annotations

import os
import traceback

from reactor import error
from reactor.defer import Deferred

__all__ = ["ApplicationError", "ConfigurationError", "LoadError", "PluginError", "StartError", "StateError"]

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class ApplicationError(Exception):
    """An application can't run. The text is one line, for people to read."""


class LoadError(ApplicationError):
    """A file that should define an application doesn't."""


class PluginError(ApplicationError):
    """A plugin doesn't exist, or can't be used."""


class ConfigurationError(ApplicationError):
    """An option or a configuration file has an impossible value."""


class StateError(ApplicationError):
    """The state of an application can't be restored, or can't be saved."""


class StartError(ApplicationError):
    """A service couldn't start. The services that had begun to start before it are stopped again.

    stopped: a Deferred that fires, with None, when they have stopped.
    """

    def __init__(self, message: str, stopped: Deferred[None]) -> None:
        super().__init__(message)
        self.stopped = stopped


def in_one_line(problem: BaseException) -> str:
    """What went wrong, for people: the error's class, its text, and the program's line.

    An error of the system or of ours, which is about an address, a file or an application, is its text alone.
    """
    text = " ".join(str(problem).split())
    if isinstance(problem, OSError | ApplicationError) or type(problem).__module__ == error.__name__:
        return text
    named = f"{type(problem).__name__}: {text}" if text else type(problem).__name__
    found = place_of(problem)
    return f"{named} ({found[0]}:{found[1]})" if found else named


def place_of(problem: BaseException) -> tuple[str, int] | None:
    """The file and line of the innermost frame that is the program's own, neither of this package nor of Python's
    library. None when there is no such frame."""
    strangers = (PACKAGE + os.sep, os.path.dirname(os.__file__) + os.sep, "<")
    for frame in reversed(traceback.extract_tb(problem.__traceback__)):
        if not frame.filename.startswith(strangers):
            return frame.filename, frame.lineno or 0
    return None
