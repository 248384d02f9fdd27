"""Errors of a simulation itself. What goes wrong inside it raises the kernel's errors, as in reality."""

from __future__ import annotations


class SimulationError(Exception):
    """A program or a test asked for something that a simulated world can't have. The message says what."""


class NothingLeftToHappen(SimulationError):
    """A program or a test waits, and nothing is left that could end its wait."""


class NoProcessesError(SimulationError, OSError):
    """A program started a process. An OSError too: programs get along when one can't be started, and many do."""
