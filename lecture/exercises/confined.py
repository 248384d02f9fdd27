"""Grading in a process of its own, which may do little and lives for a few seconds: see confinement.py.

The processes that grade are kept for the next program: see grading_process.py. Each of them grades one program at a
time; there are as many as there are threads here that grade, and no thread ever waits for another.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from lecture.errors import LectureError
from lecture.exercises.folder import Exercise
from lecture.exercises.grading import RUNS, Failure, Verdict
from lecture.exercises.grading_process import Request
from lecture.exercises.schedules import Dice
from lecture.programs.processes.scratch import PACKAGES
from lecture.programs.temporary import temporary_folder
from reactor.port.imports import port
from reactor.port.names import TO_OURS
from reactor.port.uses import Problem

SECONDS = 5.0  # of the processor's time, so that a busy machine fails nobody
SECONDS_OF_A_SEED = 0.1
WALL_SECONDS = 60.0
CAN_FORK = hasattr(os, "fork")
_LAST_LINES = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
_COMMAND = (sys.executable, "-X", "utf8", "-m", "lecture.exercises.grading_process")

NOTHING_TRIED = Failure(RUNS, "plain", "as it comes", RUNS, "", (), None, None, 0)

_Answer = list[dict[str, Any]]
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
        for path in program.parent.glob("*.py"):
            if problem := _copy(path, folder / path.name):
                return Verdict((replace(NOTHING_TRIED, what=problem),), 1)
        os.replace(folder / program.name, folder / exercise.file)
        for path in exercise.given:
            shutil.copy(path, folder / path.name)
        request = Request(
            exercise=str(exercise.folder.absolute()),
            folder=str(folder),
            seconds=(SECONDS if seconds is None else seconds) + more,
            wall_seconds=WALL_SECONDS + more,
            first_seed=dice.first,
            seeds=dice.count,
            first_only=first_only,
            fork=CAN_FORK,
        )
        answer = _ask(request) if CAN_FORK else _ask_a_new_one(request)
    return _verdict(answer, exercise.file, request)


def _copy(path: Path, target: Path) -> str | None:
    """Copy a program; one that imports Twisted imports this library instead. Returns what that lacks, in a sentence."""
    data = path.read_bytes()
    problems: list[Problem] = []
    if b"twisted" in data:
        with contextlib.suppress(SyntaxError, ValueError):  # Python itself says it better
            text, problems = port(data.decode("utf-8-sig"), TO_OURS)
            data = text.encode()
    target.write_bytes(data)
    return f"{problems[0].what} ({path.name}, line {problems[0].line})" if problems else None


def _ask(request: Request) -> _Answer:
    """Ask a process that is idle, or a new one."""
    idle = _idle.setdefault(os.getpid(), [])
    process = idle.pop() if idle else _start()
    if process.poll() is not None:  # somebody has killed it
        _end(process)
        return _ask(request)
    assert process.stdin is not None and process.stdout is not None
    answer: _Answer = []
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


def _ask_a_new_one(request: Request) -> _Answer:
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


def _verdict(answer: _Answer, file: str, request: Request) -> Verdict:
    """What was found; and if the process came to no end, that it didn't, in the try that it was at."""
    failures = [_failure(one["failure"]) for one in answer if "failure" in one]
    for one in answer:
        if "tried" in one:
            return Verdict(tuple(failures), one["tried"])
    tries = [_failure(one["tries"]) for one in answer if "tries" in one]
    at = tries[-1] if tries else NOTHING_TRIED
    failures.append(replace(at, what=_why_it_ended(answer[-1], file, request)))
    return Verdict(tuple(failures), max(1, len(tries)))


def _why_it_ended(ending: dict[str, Any], file: str, request: Request) -> str:
    lines = [match["line"] for match in _LAST_LINES.finditer(ending["said"]) if Path(match["file"]).name == file]
    where = f" in {file}:{lines[0]}" if lines else ""
    if ending["late"]:
        return f"it never comes to an end: after {request.wall_seconds:g} seconds it still waits"
    if "Timeout" in ending["said"] or ending["ended"] < 0:
        return f"it never comes to an end: after {request.seconds:g} seconds it was still busy{where}"
    last = ending["said"].strip().splitlines()[-1:] or [f"exit {ending['ended']}"]
    return f"it ended the grader{where}: {last[0]}"


def _failure(found: dict[str, Any]) -> Failure:
    return Failure(**{**found, "sent": tuple(found["sent"])})
