"""A process that grades: it imports all that worlds need once, and grades each program in a fork of itself.

    python -m lecture.exercises.grading_process

A request is a line of JSON on standard input: see `Request`. The answer is some lines of JSON. Those that the program's
own process writes come first; it may end at any of them, and what was found until then counts:

    {"tries": {"check": "two orders", "schedule": "cut 3", …}}     what it tries next, as a Failure without its findings
    {"failure": {…}}                                               what failed there
    {"tried": 163}                                                 it has come to its end
    {"replay": {"at": 41, "timeline": "…"}}                        instead of these, if one try is to be recorded

The last line is `{"ended": 0, "said": "…", "late": false}`: its exit status (a negative one is a signal), what it said
on standard error, and whether it was killed because `wall_seconds` had passed. A start of Python with these imports
takes as long as fifty worlds, a fork as long as one. Where there are no forks, the process itself grades one program,
and ends without that last line.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, NoReturn

from lecture.exercises.checks import Check
from lecture.exercises.confinement import confine
from lecture.exercises.folder import Exercise
from lecture.exercises.grading import grade
from lecture.exercises.replaying import Replay, recorded
from lecture.exercises.schedules import Dice

_STANDARD_ERROR_BYTES = 20_000


@dataclass(frozen=True)
class Request:
    """What to grade. exercise: its folder. folder: the program's, to which it is confined.

    seconds: of the processor's time. wall_seconds: by the clock on the wall. first_seed, seeds: see `schedules.Dice`.
    first_only: see `grade`. fork: whether to grade in a fork. check, schedule: of the one try to record, instead.
    """

    exercise: str
    folder: str
    seconds: float
    wall_seconds: float
    first_seed: int
    seeds: int
    first_only: bool
    fork: bool
    check: str = ""
    schedule: str = ""


def main() -> None:
    """Answer requests until there are no more."""
    warm_up()
    gc.freeze()  # a collection in a fork needn't visit, and copy, what it shares with us
    for line in sys.stdin:
        request = Request(**json.loads(line))
        if not request.fork:
            _grade(request, sys.stdout)
        for answer in _in_a_fork(request):
            sys.stdout.write(answer)
        sys.stdout.flush()


def warm_up() -> None:
    """Import now what a world imports when it is first needed, and what most programs import."""
    import pkgutil  # noqa: F401

    import reactor.protocols.basic
    import reactor.task  # noqa: F401
    from reactor.endpoints import TCP4ClientEndpoint
    from reactor.sim import World

    with World() as world:
        world.host("a")
        world.start(lambda reactor: TCP4ClientEndpoint(reactor, "10.0.0.1", 1), host="a")
    traceback.format_exc()


def _grade(request: Request, out: IO[str]) -> NoReturn:
    """Grade in this process, and end it."""

    def tell(what: str, value: object) -> None:
        out.write(json.dumps({what: value}) + "\n")
        out.flush()

    exercise, folder = Exercise(Path(request.exercise)), Path(request.folder)
    checks, script = exercise.checks, folder / exercise.file
    confine(folder, exercise.folder, request.seconds)
    dice = Dice(request.first_seed, request.seeds)
    if request.check:
        _replay(script, next(one for one in checks if one.name == request.check), request.schedule, dice, tell)
    verdict = grade(script, checks, dice, lambda what, failure: tell(what, asdict(failure)), request.first_only)
    tell("tried", verdict.tried)
    os._exit(0)  # what the program may have left to run at exit doesn't


def _replay(script: Path, check: Check, schedule: str, dice: Dice, tell: Callable[[str, object], None]) -> NoReturn:
    """Record one try, as far as it comes in its time, and end this process."""

    def end(replay: Replay) -> NoReturn:
        timeline, at = replay
        tell("replay", {"at": at, "timeline": timeline.to_json()})
        os._exit(0)

    def watch(so_far: Callable[[], Replay]) -> None:
        if hasattr(signal, "SIGPROF"):  # see confinement.py; Windows ends the process, and nothing of the run is known
            signal.signal(signal.SIGPROF, lambda *_: end(so_far()))

    end(recorded(script, check, schedule, dice, watch))


def _in_a_fork(request: Request) -> Iterator[str]:
    """The lines of the answer."""
    with tempfile.TemporaryFile() as said:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _be_the_fork(request, writing, said.fileno())
        os.close(writing)
        with open(reading, "rb", buffering=0) as pipe:
            answer, is_late = _read(pipe, time.monotonic() + request.wall_seconds)
        if is_late:
            os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        told = said.read(_STANDARD_ERROR_BYTES).decode(errors="replace")
        yield from (line + "\n" for line in answer.decode().split("\n")[:-1])
        yield json.dumps({"ended": status, "said": told, "late": is_late}) + "\n"


def _be_the_fork(request: Request, answer: int, said: int) -> NoReturn:
    """Never returns, whatever happens: there would be two of us."""
    try:
        os.chdir(request.folder)
        nothing = os.open(os.devnull, os.O_RDWR)
        for own, instead in ((0, nothing), (1, nothing), (2, said)):
            os.dup2(instead, own)
        with open(answer, "w", encoding="utf-8") as out:
            _grade(request, out)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(1)


def _read(pipe: IO[bytes], deadline: float) -> tuple[bytes, bool]:
    """All that comes until the other side is closed, and whether it was still open at the deadline."""
    pieces: list[bytes] = []
    while select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
        piece = pipe.read(1 << 16)
        if not piece:
            return b"".join(pieces), False
        pieces.append(piece)
    return b"".join(pieces), True


if __name__ == "__main__":
    main()
