"""Programs of a simulated world: begun, running, ended, and what they print."""

from __future__ import annotations

from typing import Any

from reactor.sim import Program, World
from reactor.sim.function_program import FunctionProgram
from reactor.trace.hooks.output import Printed
from reactor.trace.hooks.watched import Watched
from reactor.trace.patches import Patches


def install(watched: Watched, patches: Patches) -> None:
    """Watch."""
    tape = watched.tape
    printed = Printed(watched)

    @patches.around(World, "_begins")
    def _(original: Any, world: Any, program: Any) -> None:
        if world is watched.world:
            if isinstance(program, Program):
                tape.places.add(program._folder)
            number = watched.add_program(program.reactor, program.name, program.host)
            tape.change(f"p{number}.state", "running")
            tape.step("program.begun", program=number, text=f"{program.name} on {program.host}")
        original(world, program)

    for kind in (Program, FunctionProgram):
        _watch_life(watched, patches, kind)

    @patches.around(Program, "_print")
    def _(original: Any, program: Any, stream: str, text: str) -> None:
        if tape.program is not None:
            printed.note("stderr" if stream == "err" else "stdout", text)
        original(program, stream, text)


def _watch_life(watched: Watched, patches: Patches, kind: type) -> None:
    tape = watched.tape

    for name in ("step", "kill"):

        @patches.around(kind, name)
        def _(original: Any, program: Any) -> None:
            with watched.turn_of(program.reactor):
                original(program)

    @patches.around(kind, "interrupt")
    def _(original: Any, program: Any) -> None:
        if (number := watched.program_of(program.reactor)) is not None:
            tape.step("program.interrupted", program=number)
        original(program)

    @patches.around(kind, "_has_ended")
    def _(original: Any, program: Any, exit_code: int) -> None:
        original(program, exit_code)
        number = watched.program_of(program.reactor)
        if number is not None:
            tape.programs[number]["exit"] = exit_code
            tape.change(f"p{number}.state", f"exit {exit_code}")
            tape.step("program.ended", program=number, text=f"exit {exit_code}")
