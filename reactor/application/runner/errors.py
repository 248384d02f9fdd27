"""Why an application can't be run. The text is one line for people; the status is for the shell or script."""

from __future__ import annotations

from reactor.application.errors import ConfigurationError, PluginError

STOPPED, FAILED, MISUSED = 0, 1, 2
"""Exit statuses: stopped when told to; couldn't start, or was forced to stop; called with wrong options."""


class RunnerError(Exception):
    """The application can't be run, and the text says why."""

    status = FAILED


class UsageError(RunnerError):
    """The command line is wrong, or asks for something that doesn't exist."""

    status = MISUSED


def status_of(problem: Exception) -> int:
    """The exit status for an application that can't be run because of this."""
    if isinstance(problem, PluginError | ConfigurationError):
        return MISUSED
    return getattr(problem, "status", FAILED)
