"""The stage of the simulated world: a session has a world of its own, with one host.

It runs the `$` lines one after the other, as the stage of real processes does, except that nothing takes time.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from lecture.errors import LectureError
from lecture.programs.compare import Outcome, Result
from lecture.programs.conductor import conduct, transcript_so_far
from lecture.programs.files import copy_files, example_files
from lecture.programs.processes.scratch import PACKAGES, without_folders
from lecture.programs.session import STILL_WAITING, Command, SessionFile
from lecture.programs.temporary import temporary_folder
from reactor.sim import NothingLeftToHappen, Program, SimulationError, World

if TYPE_CHECKING:
    from reactor.trace import Recorder

MOST_STEPS = 100_000  # of a recording; a timeline of it is abridged before anybody looks at it
DATA_BYTES = 32  # of each piece of data in it; a sentence shows no more
REST_S = 0.01  # of the world's time: a program with more to do than wait for a timer needs less
STAND_INS = Path(__file__).parent / "stand_ins"
_STANDARD_LIBRARY = Path(sysconfig.get_paths()["stdlib"])
_KILLED_BY = {"KILL": 128 + 9, "HUP": 128 + 1}


Watch = Callable[[World], AbstractContextManager[object]]


def replay(
    session: SessionFile,
    watch: Watch = nullcontext,
    seed: int = 0,
    link: Mapping[str, object] | None = None,
    reset_s: float | None = None,
) -> Outcome:
    """Run all commands of a session. Raises LectureError for one that can't be run in the simulated world, or hangs.

    watch: is given the world in which it happens, for as long as it happens. seed: of the world. link, reset_s: what
    is wrong with its network, as `spoil` has them.
    """
    with temporary_folder("simulated") as folder:
        copy = folder / session.path.parent.name
        files = example_files(session.path)
        copy_files(files, copy)
        with working_in(copy), World(seed) as world, watch(world):
            stage = Simulation(session, copy, world)
            spoil(world, link or {}, reset_s)
            results = conduct(session, stage)
    return Outcome(results, _libraries(), tuple(sorted(name for name in files if name.endswith(".py"))))


def spoil(world: World, link: Mapping[str, object], reset_s: float | None) -> None:
    """Make the network of a session's host worse.

    link: fields of `reactor.sim.Link`. reset_s: at this time all connections that there are then are reset.
    Raises SimulationError for a field that no link has.
    """
    here = world.host("here")
    world.link("here", "here", **link)
    if reset_s is not None:
        world.clock.set(reset_s, lambda: here.reset(here))


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Inside the block, simulated programs take this folder for their working directory."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)


class SimulatedProgram:
    """A program in the simulated world, and the command that started it."""

    def __init__(self, command: Command, program: Program) -> None:
        self.command = command
        self.program = program
        self._killed_by = 0

    @property
    def is_ready(self) -> bool:
        """Whether the next command may be typed: it listens, or has printed something, or has ended."""
        return bool(self.program.output or self.program.listens or self.has_ended)

    @property
    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return not self.program.is_running

    @property
    def status(self) -> int:
        """128 + the number of the signal that killed it, or what it exited with."""
        return self._killed_by or self.program.exit_code or 0

    def send(self, signal: str) -> None:
        """Send a signal: INT and TERM can be handled by the program, the others kill it."""
        if signal in _KILLED_BY:
            self.program.kill()
            self._killed_by = _KILLED_BY[signal]
        else:
            self.program.interrupt()

    def give_up(self) -> None:
        """Kill it, as it waits for ever."""
        self.program.kill()
        self._killed_by = STILL_WAITING


class Simulation:
    """A Stage (see the conductor): each program is one of a simulated host, which runs in a copy of the example."""

    def __init__(self, session: SessionFile, folder: Path, world: World) -> None:
        self.session = session
        self.folder = folder
        self.world = world
        self.started: list[SimulatedProgram] = []
        world.host("here")

    def start(self, place: int, command: Command) -> SimulatedProgram:
        """Start the program of a command; of other commands than Python's, its stand-in."""
        name, *words = command.argv
        if command.settings:
            raise self._not_simulated(command)
        if command.is_python and words[:1] == ["-c"] and len(words) > 1:
            script, words = self.folder / f".command{place}.py", words[2:]
            script.write_text(command.argv[2], encoding="utf-8")
        elif command.is_python and words and not words[0].startswith("-"):
            script, words = self.folder / words[0], words[1:]
            if not script.is_file():
                raise LectureError(f"there is no program {script.name!r}", where=self.session.where(command))
        elif (STAND_INS / f"{name}.py").is_file():
            script = STAND_INS / f"{name}.py"
        else:
            raise self._not_simulated(command)
        self.started.append(SimulatedProgram(command, self.world.run(script, *words, host="here")))
        return self.started[-1]

    def wait(self, program: SimulatedProgram, event: Callable[[], bool], otherwise: str) -> bool:
        """Let the world go on until `event()`. False, where the session is meant to fail, when it can't come."""
        try:
            self.world.run_until(event, self.session.deadline_s)
            return True
        except SimulationError as problem:
            is_quiet = isinstance(problem, NothingLeftToHappen)
            if is_quiet and self.session.fails:
                return False
            what = f"in {self.session.deadline_s:g} simulated seconds" if is_quiet else f"{problem}, and"
            all_of_them = [(one.command, self.result(one).output, _state(one)) for one in self.started]
            said = f"{what} `{program.command.text}` {otherwise}. Until then:\n{transcript_so_far(all_of_them)}"
            raise LectureError(said, where=self.session.where(program.command)) from None

    def settle(self) -> None:
        """Advance the clock of the world by REST_S."""
        self.world.advance(REST_S)

    def end_daemon(self, command: Command) -> None:
        """Raise LectureError: a simulated program leaves no daemon behind when it ends."""
        raise self._not_simulated(command)

    def result(self, program: SimulatedProgram) -> Result:
        """What a program printed, without the folders of this machine, and its status."""
        return Result(without_folders(program.program.output, self.folder), program.status)

    def _not_simulated(self, command: Command) -> LectureError:
        what = f"only `python PROGRAM.py` and `python -c …` can, and what is in {STAND_INS.relative_to(PACKAGES)}"
        return LectureError(f"{command.text!r} can't be simulated: {what}", where=self.session.where(command))


def _state(program: SimulatedProgram) -> str:
    if program.has_ended:
        return f"ended, status {program.status}"
    return "waits for connections" if program.program.listens else "waits"


def _libraries() -> tuple[Path, ...]:
    """The files that were imported from outside the standard library."""
    files = {Path(file) for module in [*sys.modules.values()] if (file := getattr(module, "__file__", None))}
    return tuple(sorted(file for file in files if file.is_file() and not file.is_relative_to(_STANDARD_LIBRARY)))


def recorded(recorders: list[Recorder]) -> Watch:
    """Have every world watched by a recorder, which is put into the list."""

    def watch(world: World) -> Recorder:
        from reactor.trace import Recorder

        recorders.append(Recorder(world, most_steps=MOST_STEPS, data_bytes=DATA_BYTES, lines=True))
        return recorders[-1]

    return watch
