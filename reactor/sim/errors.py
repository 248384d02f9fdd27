"""What goes wrong with a simulation itself; what goes wrong inside of it are the kernel's errors, as everywhere."""

from __future__ import annotations


class SimulationError(Exception):
    """A program asked for something that there can't be in a simulated world, or a test did. The message says what."""


class NothingLeftToHappen(SimulationError):
    """Somebody waits, and there is nothing any more that could end the wait."""
