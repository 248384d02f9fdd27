"""Run scripts one after the other on a host of a simulated world, until the last one has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reactor.sim import Program, World


@dataclass(frozen=True)
class Command:
    """A script to start, and its arguments. in_background: whether the next one starts as soon as this one waits."""

    script: str
    arguments: tuple[str, ...] = ()
    in_background: bool = False


def run_commands(commands: Sequence[Command], world: World, host: str) -> tuple[list[Program], str]:
    """Run them; then interrupt those that still run, as by Ctrl-C, the newest first.

    Returns a program for each command that was reached, and why the run ended early; "" if it didn't.
    Raises OSError when a script can't be read.
    """
    from reactor.sim import SimulationError

    world.host(host)
    programs: list[Program] = []
    try:
        for command in commands:
            program = world.run(command.script, *command.arguments, host=host)
            programs.append(program)
            if not command.in_background:
                world.run_until(partial(_has_ended, program))
        for program in reversed(programs):
            if program.is_running:
                program.interrupt()
        world.run_until(lambda: not any(program.is_running for program in programs))
    except SimulationError as problem:
        return programs, str(problem)
    return programs, ""


def _has_ended(program: Program) -> bool:
    return not program.is_running
