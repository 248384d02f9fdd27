"""Run programs in a simulated world, from their texts: the one entry for pages, notebooks, exercises and terminals.

    run = run_files(
        {"server.py": "…", "client.py": "…"},
        plan="$ python server.py &\\n$ python client.py\\n",
        seed=7,
        link={"latency_s": 0.05, "loss": 0.1},
    )
    print(run.output[1], run.exits[1], run.problem)
    run.timeline.write("run.json")

The plan is a session without outputs, so what a session says about jobs, signals and waiting holds here as well. What
can't be run is no exception: whoever types a program wants to see what it printed until then, and what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lecture.errors import LectureError
from lecture.programs.conductor import conduct
from lecture.programs.processes.scratch import without_folders
from lecture.programs.session import Command, SessionFile, parse_session
from lecture.programs.simulation.stage import SimulatedProgram, Simulation, spoil, working_in
from lecture.programs.temporary import temporary_folder
from reactor.sim import Program, SimulationError, World
from reactor.trace import Probe, Recorder, Timeline

MOST_STEPS = 20_000
MOST_OUTPUT = 1_000_000  # characters, of all programs
DATA_BYTES = 256
MOST_TURNS = 10_000  # without an event: somebody waits for the answer, and lines take their time


@dataclass(frozen=True)
class Run:
    """What came of it.

    output: what each command of the plan printed; "" for one that was not reached. exits: how each ended, None if it
    was still running when the run was over, or was not reached. problem: why the run ended early, "" if it didn't.
    timeline: each step of it, lines and variables too.
    """

    output: tuple[str, ...]
    exits: tuple[int | None, ...]
    problem: str
    timeline: Timeline


def run_files(
    files: Mapping[str, str],
    plan: str,
    seed: int = 0,
    link: Mapping[str, object] | None = None,
    reads: tuple[int, ...] = (),
    most_steps: int = MOST_STEPS,
    *,
    reset_s: float | None = None,
    printed: Callable[[int, str], object] | None = None,
    probe: Probe | None = None,
) -> Run:
    """Run a plan.

    files: texts by name; a name may have folders in it. plan: the commands, each as `$ python server.py &`.
    seed: of the world. link: fields of `reactor.sim.Link`, for all that the programs send each other.
    reads: where each connection's first reads end, see `reactor.sim.Host`.
    reset_s: at this time all connections that there are then are reset.
    printed: is called with the number of a command and each piece that it prints, at once.
    probe: what to ask at a line.
    Raises LectureError for a plan or a name that can't be read, SimulationError for a field that no link has.
    """
    with temporary_folder("running") as folder:
        for name, text in files.items():
            _write(folder, name, text)
        session = parse_session(plan, folder / "session.txt")
        with (
            working_in(folder),
            World(seed, MOST_TURNS) as world,
            Recorder(world, None, most_steps, DATA_BYTES, lines=True, probe=probe) as tape,
        ):
            stage = _Overheard(session, folder, world, printed or (lambda place, text: None))
            world.host("here").reads = reads
            spoil(world, link or {}, reset_s)
            problem = _conduct(session, stage) or stage.problem
            output, exits = _ends(session, stage)
        return Run(output, exits, problem, tape.timeline())


def _ends(session: SessionFile, stage: Simulation) -> tuple[tuple[str, ...], tuple[int | None, ...]]:
    """What each command has printed, and how it has ended; None if it hasn't."""
    results = {program.command: stage.result(program) for program in stage.started}
    ended = {program.command for program in stage.started if program.has_ended}
    output = (results[one].output if one in results else "" for one in session.commands)
    return tuple(output), tuple(results[one].status if one in ended else None for one in session.commands)


class _Overheard(Simulation):
    """A stage that tells what its programs print, and ends those that don't stop to.

    problem: why it ended some, "" if it didn't.
    """

    def __init__(self, session: SessionFile, folder: Path, world: World, printed: Callable[[int, str], object]) -> None:
        super().__init__(session, folder, world)
        self._printed = printed
        self._places: dict[Program, int] = {}
        self._place = 0
        self._left = MOST_OUTPUT
        self.problem = ""
        world.on_output = self._hear

    def start(self, place: int, command: Command) -> SimulatedProgram:
        self._place = place
        return super().start(place, command)

    def _hear(self, program: Program, text: str) -> None:
        """A program prints; one that hasn't before is the one that was started last."""
        if self._left < len(text):
            self.problem = f"the programs wanted to print more than {MOST_OUTPUT:,} characters, and were ended"
            raise SystemExit(1)
        text = without_folders(text, self.folder)
        self._printed(self._places.setdefault(program, self._place), text)
        self._left -= len(text)


def _conduct(session: SessionFile, stage: Simulation) -> str:
    try:
        conduct(session, stage)
    except LectureError as error:
        return error.message
    except SimulationError as error:
        return str(error)
    return ""


def _write(folder: Path, name: str, text: str) -> None:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\0" in name:
        raise LectureError(f"{name!r} can't be the name of a file: write it relative to the program's folder")
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
