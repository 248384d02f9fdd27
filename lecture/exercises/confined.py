"""Grading in a process of its own, which may do little and lives for a few seconds: see confinement.py.

The processes that grade are kept for the next program: see grading_process.py. Each of them grades one program at a
time; there are as many as there are threads here that grade, and no thread ever waits for another.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

from lecture.errors import LectureError
from lecture.exercises.endings import SECONDS, Answer, lacking, verdict_of
from lecture.exercises.folder import Exercise
from lecture.exercises.grading import RUNS, Failure, Verdict
from lecture.exercises.grading_process import Request
from lecture.exercises.handed_in import with_our_imports
from lecture.exercises.replaying import Replay
from lecture.exercises.schedules import Dice
from lecture.programs.processes.scratch import PACKAGES
from lecture.programs.temporary import temporary_folder
from reactor.trace import Timeline

SECONDS_OF_A_SEED = 0.1
RECORDED_SECONDS = 5.0  # a recorder takes one for all the steps that it keeps, and a slow machine more
WALL_SECONDS = 60.0
CAN_FORK = hasattr(os, "fork")
_COMMAND = (sys.executable, "-X", "utf8", "-m", "lecture.exercises.grading_process")

_idle: dict[int, list[subprocess.Popen[str]]] = {}  # by the process that has started them: a fork of it has none


def grade_confined(
    exercise: Exercise, program: Path, dice: Dice | None = None, seconds: float | None = None, first_only: bool = False
) -> Verdict:
    """The verdict on a program. program: the student's file; its folder's other Python files go with it,
    and those of the exercise, unchanged.

    dice: the hidden seeds. seconds: of the processor's time that it has, besides those for many seeds; SECONDS if None.
    first_only: stop at the first failure.
    Raises LectureError when the grader itself ends.
    """
    dice = dice or Dice()
    more = SECONDS_OF_A_SEED * max(0, dice.count - Dice().count)
    with temporary_folder("exercise") as folder:
        if problem := _hand_in(exercise, program, folder):
            return lacking(problem)
        seconds = (SECONDS if seconds is None else seconds) + more
        request = _request(exercise, folder, dice, seconds, WALL_SECONDS + more)
        answer = _answer_to(replace(request, first_only=first_only))
    return verdict_of(answer, exercise.file, request.seconds, request.wall_seconds)


def replay_confined(exercise: Exercise, program: Path, failure: Failure, dice: Dice | None = None) -> Replay | None:
    """The run of a failure once more. dice: the hidden seeds that it was graded with.

    A program that never ends is recorded for RECORDED_SECONDS. None if nothing is known of the run: the program was
    never started, or it ended the process, or hangs in a place that no signal interrupts.
    Raises LectureError when the grader itself ends.
    """
    with temporary_folder("exercise") as folder:
        if failure.check == RUNS or _hand_in(exercise, program, folder):
            return None
        request = _request(exercise, folder, dice or Dice(), RECORDED_SECONDS, WALL_SECONDS)
        answer = _answer_to(replace(request, check=failure.check, schedule=failure.schedule))
    found = next((line["replay"] for line in answer if "replay" in line), None)
    return found and (Timeline.from_json(found["timeline"]), found["at"])


def _hand_in(exercise: Exercise, program: Path, folder: Path) -> str:
    """Copy what a program needs into a folder. Returns why it can't be tried, or ""."""
    for path in program.parent.glob("*.py"):
        data, problem = with_our_imports(path.name, path.read_bytes())
        if problem:
            return problem
        (folder / path.name).write_bytes(data)
    os.replace(folder / program.name, folder / exercise.file)
    for path in exercise.given:
        shutil.copy(path, folder / path.name)
    return ""


def _request(exercise: Exercise, folder: Path, dice: Dice, seconds: float, wall_seconds: float) -> Request:
    return Request(
        exercise=str(exercise.folder.absolute()),
        folder=str(folder),
        seconds=seconds,
        wall_seconds=wall_seconds,
        first_seed=dice.first,
        seeds=dice.count,
        first_only=False,
        fork=CAN_FORK,
    )


def _answer_to(request: Request) -> Answer:
    return _ask(request) if CAN_FORK else _ask_a_new_one(request)


def _ask(request: Request) -> Answer:
    """Ask a process that is idle, or a new one."""
    idle = _idle.setdefault(os.getpid(), [])
    process = idle.pop() if idle else _start()
    if process.poll() is not None:  # somebody has killed it
        _end(process)
        return _ask(request)
    assert process.stdin is not None and process.stdout is not None
    answer: Answer = []
    try:
        with contextlib.suppress(BrokenPipeError):  # it has ended: there will be no answer
            process.stdin.write(json.dumps(asdict(request)) + "\n")
            process.stdin.flush()
        while not answer or "ended" not in answer[-1]:
            line = process.stdout.readline()
            if not line:
                raise LectureError(f"the process that grades has ended, exit {process.wait()}: `{' '.join(_COMMAND)}`")
            answer.append(json.loads(line))
    except BaseException:
        _end(process)
        raise
    idle.append(process)
    return answer


def _start() -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        _COMMAND, env=_environment(), stdin=pipe, stdout=pipe, encoding="utf-8", start_new_session=True
    )


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    with contextlib.suppress(BrokenPipeError), process:  # closes its pipes, and waits
        pass


@atexit.register
def end_idle_processes() -> None:
    """End the processes that wait for the next program. The next one starts new ones."""
    for process in _idle.pop(os.getpid(), []):
        _end(process)


def _ask_a_new_one(request: Request) -> Answer:
    """Ask a process that grades itself: it may end at any moment."""
    try:
        done = subprocess.run(
            _COMMAND,
            input=json.dumps(asdict(request)),
            env=_environment(),
            cwd=request.folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=request.wall_seconds,
        )
    except subprocess.TimeoutExpired:
        return [{"ended": -1, "said": "", "late": True}]
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [*lines, {"ended": done.returncode, "said": done.stderr, "late": False}]


def _environment() -> dict[str, str]:
    environment = {"PYTHONPATH": str(PACKAGES), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    with contextlib.suppress(KeyError):
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]  # no Python starts without it on Windows
    return environment
