"""The programs of one cell, run in a simulated world.

A comment that is nothing but a file's name begins a program; lines that begin with `$` say how they are started:

    # server.py
    …
    # client.py
    …
    $ python server.py &
    $ python client.py

Without such lines, each is started in turn, as soon as the one before waits. A cell without names is one program.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from reactor.sim import World
from reactor.trace import Recorder, Timeline
from reactor.trace.running import Command, run_commands

HOST = "here"
MOST_TURNS = 2_000  # without an event: somebody waits, and lines take their time
MOST_STEPS = 20_000
_NAME = re.compile(r"# ([\w.-]+\.py)\s*")


class BadCell(Exception):
    """The cell, or a word beside `%%world`, can't be understood. The message says which line or word."""


@dataclass(frozen=True)
class Run:
    """What came of it. transcript: what a terminal would show. problem: why it ended early, "" if it didn't."""

    transcript: str
    problem: str
    timeline: Timeline


@dataclass(frozen=True)
class Cell:
    """programs: texts by name. plan: how they are started. lines: where in the cell each text begins, from 0."""

    programs: dict[str, str]
    plan: list[Command]
    lines: dict[str, int]


def read_cell(text: str) -> Cell:
    """Take a cell apart. Raises BadCell for a plan that makes no sense, and for a program that is no Python."""
    programs: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    plan: list[Command] = []
    name = ""
    for number, line in enumerate(text.splitlines(), 2):  # the first line is `%%world`
        if found := _NAME.fullmatch(line):
            name = found[1]
            if name in programs:
                raise BadCell(f"line {number} of the cell begins a second {name}: give one of them another name")
            programs[name], lines[name] = [], number
        elif line.startswith("$"):
            plan.append(_command(line, number))
        elif name or line.strip():
            name = name or "program.py"
            lines.setdefault(name, number - 1)
            programs.setdefault(name, []).append(line)
    cell = Cell({name: "\n".join(text) + "\n" for name, text in programs.items()}, plan, lines)
    _check(cell)
    return cell if plan else Cell(cell.programs, _in_turn(list(programs)), lines)


def _command(line: str, number: int) -> Command:
    try:
        words = shlex.split(line[1:])
    except ValueError as problem:
        raise BadCell(f"line {number} of the cell can't be read: {problem}") from None
    in_background = words[-1:] == ["&"]
    words = words[:-1] if in_background else words
    if len(words) < 2 or words[0] != "python":
        raise BadCell(f"line {number} of the cell starts no program of it: write `$ python server.py`, `&` at its end")
    return Command(words[1], tuple(words[2:]), in_background)


def _in_turn(names: list[str]) -> list[Command]:
    return [Command(name, in_background=name != names[-1]) for name in names]


def _check(cell: Cell) -> None:
    if not cell.programs:
        raise BadCell("there is no program in the cell: write one below `%%world`, with `# server.py` above it")
    for command in cell.plan:
        if command.script not in cell.programs:
            raise BadCell(f"there is no {command.script!r} in the cell, only {', '.join(cell.programs)}")
    for name, text in cell.programs.items():
        try:
            compile(text, name, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as problem:
            line = getattr(problem, "lineno", None) or 1
            said = getattr(problem, "msg", problem)
            shown = text.splitlines()[line - 1].strip() if line <= len(text.splitlines()) else ""
            where = f"{name}, line {line} (line {cell.lines[name] + line} of the cell)"
            raise BadCell(f"{where}: {said}: {shown}") from None


def run_cell(cell: Cell, folder: Path, seed: int, link: dict[str, float]) -> Run:
    """Run the programs of a cell. folder: where their files are put, and stay.

    link: fields of `reactor.sim.Link`, for all that the programs send each other.
    Raises SimulationError for a field that no link has.
    """
    for name, text in cell.programs.items():
        (folder / name).write_text(text, encoding="utf-8")
    with chdir(folder), World(seed, MOST_TURNS) as world, Recorder(world, most_steps=MOST_STEPS, lines=True) as tape:
        world.host(HOST)
        world.link(HOST, HOST, **link)
        programs, problem = run_commands(cell.plan, world, HOST)
        printed = [program.output for program in programs]
        statuses = [program.exit_code for program in programs]
    return Run("".join(_transcript(cell.plan, printed, statuses)), problem, tape.timeline())


def _transcript(plan: list[Command], printed: list[str], statuses: list[int | None]) -> Iterator[str]:
    for command, text, status in zip(plan, printed, statuses, strict=False):
        yield f"$ {shlex.join(['python', command.script, *command.arguments])}{' &' if command.in_background else ''}\n"
        yield text if text.endswith("\n") or not text else text + "\n"
        if status and not command.in_background:
            yield f"[exit {status}]\n"
