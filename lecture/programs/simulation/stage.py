"""The stage of the simulated world: a session has a world of its own, with one host.

What stands at one `$` line after the other is done as by the stage of real processes, only that nothing takes time.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from lecture.errors import LectureError, Where
from lecture.programs.compare import Outcome, Result
from lecture.programs.processes.scratch import IGNORED, without_folders
from lecture.programs.session import Command, Session
from reactor.sim import NothingLeftToHappen, Program, World

if TYPE_CHECKING:
    from reactor.trace import Recorder

MOST_STEPS = 2000  # of a timeline; it lies beside a slide, and somebody is to look at it
DATA_BYTES = 64  # of each piece of data in it
REST_S = 0.01  # of the world's time: nobody who has more to do than wait for a timer needs so long
STAND_INS = Path(__file__).parent / "stand_ins"
_STANDARD_LIBRARY = Path(sysconfig.get_paths()["stdlib"])
_KILLED_BY = {"KILL": 128 + 9, "HUP": 128 + 1}


Watch = Callable[[World], AbstractContextManager[object]]


def replay(session: Session, watch: Watch = nullcontext) -> Outcome:
    """Run all commands of a session. Raises LectureError for one that can't be run in the simulated world, or hangs.

    watch: is given the world in which it happens, for as long as it happens.
    """
    here = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="lecture-simulated-") as folder:
        copy = Path(folder).resolve() / session.example
        shutil.copytree(session.path.parent, copy, ignore=IGNORED)
        try:
            os.chdir(copy)  # where programs of the session believe to be
            with World() as world, watch(world):
                return _Replay(session, copy, world).all()
        finally:
            os.chdir(here)


class _Replay:
    def __init__(self, session: Session, folder: Path, world: World) -> None:
        self.session = session
        self.folder = folder
        self.world = world
        self.programs: dict[int, Program] = {}  # by place among all commands
        self.background: list[Program] = []
        self.ends: dict[Program, int] = {}  # the status of those that a signal ended
        world.host("here")

    def all(self) -> Outcome:
        for place, command in enumerate(self.session.commands):
            self._type(place, command)
            self.world.advance(REST_S)
        for program in reversed(self.background):
            if program.is_running:
                program.interrupt()
                self._until_ended(program, self.session.commands[-1])
                self.world.advance(REST_S)
        results = tuple(self._result(place) for place in range(len(self.session.commands)))
        own = {path.relative_to(self.session.path.parent) for path in self.session.path.parent.rglob("*.py")}
        return Outcome(results, _libraries(), tuple(sorted(path.as_posix() for path in own)))

    def _type(self, place: int, command: Command) -> None:
        if command.job is not None:
            program = self.background[command.job - 1]
            if command.argv[0] == "kill":
                self._send(program, command)
            self._until_ended(program, command)
            return
        program = self.programs[place] = self._start(place, command)
        if command.background:
            self.background.append(program)
            ready = "is not ready: it neither listens, nor has printed a line, nor ended"
            self._until(lambda: program.output or program.listens or not program.is_running, command, ready)
        else:
            self._until_ended(program, command)

    def _start(self, place: int, command: Command) -> Program:
        name, *words = command.argv
        if command.is_python and words[:1] == ["-c"] and len(words) > 1:
            script, words = self.folder / f".command{place}.py", words[2:]
            script.write_text(command.argv[2], encoding="utf-8")
        elif command.is_python and words and not words[0].startswith("-"):
            script, words = self.folder / words[0], words[1:]
        elif (STAND_INS / f"{name}.py").is_file():
            script = STAND_INS / f"{name}.py"
        else:
            what = "only `python PROGRAM.py` and `python -c …` can, and what is in lecture/programs/stand_ins"
            raise LectureError(f"{command.text!r} can't be simulated: {what}", where=self._where(command))
        return self.world.run(script, *words, host="here")

    def _send(self, program: Program, command: Command) -> None:
        if not program.is_running:
            raise LectureError(f"{command.text!r}: the job has ended by itself", where=self._where(command))
        if command.signal in _KILLED_BY:
            program.kill()
            self.ends[program] = _KILLED_BY[command.signal]
        else:
            program.interrupt()

    def _until_ended(self, program: Program, command: Command) -> None:
        self._until(lambda: not program.is_running, command, f"has not ended: {program!r}")

    def _until(self, condition: Callable[[], object], command: Command, otherwise: str) -> None:
        try:
            self.world.run_until(condition, self.session.deadline_s)
        except NothingLeftToHappen:
            said = f"in {self.session.deadline_s:g} simulated seconds `{command.text}` {otherwise}"
            raise LectureError(said, where=self._where(command)) from None

    def _result(self, place: int) -> Result:
        program = self.programs.get(place)
        if program is None:
            return Result("", 0)
        return Result(without_folders(program.output, self.folder), self.ends.get(program, program.exit_code or 0))

    def _where(self, command: Command) -> Where:
        return Where(self.session.path, command.line)


def _libraries() -> tuple[Path, ...]:
    """The files that were imported from outside the standard library."""
    files = {Path(file) for module in [*sys.modules.values()] if (file := getattr(module, "__file__", None))}
    return tuple(sorted(file for file in files if file.is_file() and not file.is_relative_to(_STANDARD_LIBRARY)))


def recorded(recorders: list[Recorder]) -> Watch:
    """Have every world watched by a recorder, which is put into the list."""

    def watch(world: World) -> Recorder:
        from reactor.trace import Recorder

        recorders.append(Recorder(world, most_steps=MOST_STEPS, data_bytes=DATA_BYTES))
        return recorders[-1]

    return watch
