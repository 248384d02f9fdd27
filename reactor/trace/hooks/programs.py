"""Programs of a simulated world: begun, at work, ended, and what they print."""

from __future__ import annotations

import os
from typing import Any

from reactor.sim import World
from reactor.sim.program import Program
from reactor.trace.hooks.output import Printed
from reactor.trace.hooks.watched import Watched
from reactor.trace.patches import Patches


def install(watched: Watched, patches: Patches) -> None:
    """Watch."""
    tape = watched.tape
    printed = Printed(watched)

    @patches.around(Program, "__init__")
    def _(original: Any, program: Any, script: Any, *args: Any) -> None:
        original(program, script, *args)
        if program.reactor.system.host in watched.world.network.hosts:  # type: ignore[union-attr]  # there is a world
            tape.places.add(os.path.dirname(script))
            number = watched.add_program(program.reactor, program.name, program.host)
            tape.change(f"p{number}.state", "running")
            tape.step("program.begun", program=number, text=f"{program.name} on {program.host}")

    for name in ("step", "kill"):

        @patches.around(Program, name)
        def _(original: Any, program: Any) -> None:
            with watched.turn_of(program.reactor):
                original(program)

    @patches.around(Program, "_has_ended")
    def _(original: Any, program: Any, exit_code: int) -> None:
        original(program, exit_code)
        number = watched.program_of(program.reactor)
        if number is not None:
            tape.programs[number]["exit"] = exit_code
            tape.change(f"p{number}.state", f"exit {exit_code}")
            tape.step("program.ended", program=number, text=f"exit {exit_code}")

    @patches.around(Program, "interrupt")
    def _(original: Any, program: Any) -> None:
        tape.step("program.interrupted", program=watched.program_of(program.reactor))
        original(program)

    @patches.around(Program, "_print")
    def _(original: Any, program: Any, stream: str, text: str) -> None:
        if tape.program is not None:
            printed.note("stderr" if stream == "err" else "stdout", text)
        original(program, stream, text)

    assert isinstance(watched.world, World)
