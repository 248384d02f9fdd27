"""A program that is a function, for tests of protocols, which need no script.

Like a script it has a reactor of its own, and gets a turn when it has something to do. It doesn't have the surroundings
of a script (streams, arguments, modules): it shares the test's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from reactor.sim.sim_reactor import SimReactor


class WorldOfProgram(Protocol):
    """The world around a program."""

    def program_ended(self, program: FunctionProgram) -> None:
        """The program has ended."""


class FunctionProgram:
    """One run of a function's reactor. Made by `World.start`.

    name: the function's. host: the name of the host that it runs on. reactor: its own.
    exit_code: None while it runs.
    """

    def __init__(self, main: Callable[[SimReactor], object], reactor: SimReactor, world: WorldOfProgram) -> None:
        self.name = getattr(main, "__name__", repr(main))
        self.host = reactor.system.host.name
        self.exit_code: int | None = None
        self.reactor = reactor
        self._world = world
        self._deadline: float | None = reactor.seconds()
        self._is_busy = False
        self._turns = reactor.turns()
        reactor.callWhenRunning(main, reactor)

    @property
    def is_running(self) -> bool:
        """Whether the program hasn't ended yet."""
        return self.exit_code is None

    def interrupt(self) -> None:
        """Do as Ctrl-C does: stop its reactor, which tells every protocol that its connection is lost."""
        self.reactor.interrupt()

    def kill(self) -> None:
        """Kill it: the kernel closes its sockets, and its protocols aren't told. Does nothing when it has ended."""
        if self.is_running:
            self._turns.close()
            self._has_ended(-9)

    # --- for the world

    def is_due(self, now: float) -> bool:
        """Whether the program has something to do."""
        if self._is_busy or not self.is_running:
            return False
        return (self._deadline is not None and self._deadline <= now) or self.reactor.poller.is_anybody_ready()

    @property
    def waits_until(self) -> float | None:
        """When the program will go on by itself; None for never."""
        if self._is_busy or not self.is_running:
            return None
        return self._deadline

    def step(self) -> None:
        """Let it go on until it waits again, or ends. Called by the world. Raises the exception that ended its loop."""
        self._is_busy = True
        try:
            self._deadline = next(self._turns)
        except StopIteration:
            self._has_ended(0)
        except BaseException:
            self._has_ended(1)
            raise
        finally:
            self._is_busy = False

    def _has_ended(self, exit_code: int) -> None:
        self.exit_code = exit_code
        self.reactor.system.end()
        self._world.program_ended(self)

    def __repr__(self) -> str:
        state = "running" if self.is_running else f"exit {self.exit_code}"
        return f"<FunctionProgram {self.name} on {self.host}, {state}>"
