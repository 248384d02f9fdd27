"""Grading a class: many submissions, each in a process of its own, on any executor of `concurrent.futures`.

A submission is a folder as a student has it, a workbook: `ann/08_two_in_one/server.py`. What an executor is given are
values, the texts of the exercise and of the submission among them, so a worker may be on another machine: it needs this
package and no folder of ours. A submission that hangs, raises or can't be read is a result, and harms no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lecture.exercises.confined import grade_confined
from lecture.exercises.folder import TASK, Exercise
from lecture.exercises.grading import RUNS, Failure, Verdict
from lecture.exercises.misconceptions import Fingerprint, nearest, nearest_of_noted
from lecture.exercises.schedules import Dice
from lecture.programs.temporary import temporary_folder

MOST_BYTES = 1_000_000  # of a program: the longest solution of ours has 2,000
PASSED, FAILED, MISSING, ERROR = "passed", "failed", "missing", "error"


@dataclass(frozen=True)
class Job:
    """A program to grade, by value. name: the exercise's. task, files: bytes by path: the exercise's, the program's."""

    name: str
    task: dict[str, bytes]
    files: dict[str, bytes]
    dice: Dice


@dataclass(frozen=True)
class Result:
    """What became of a submission to an exercise.

    outcome: "passed", "failed", "missing" if it wasn't handed in, "error" if it couldn't be graded; `error` says why.
    worlds: in how many it was tried. failed: in how many of them it broke a rule. failure: the shortest to tell.
    belief: what its author seems to believe, if that is known.
    """

    student: str
    exercise: str
    outcome: str
    worlds: int = 0
    failed: int = 0
    failure: Failure | None = None
    belief: str | None = None
    error: str | None = None


def grade_job(job: Job) -> Verdict:
    """Called by a worker. Raises LectureError or OSError when it can't be graded."""
    with temporary_folder("submission") as folder:
        exercise = Exercise(folder / "exercises" / job.name)
        for root, files in ((exercise.folder, job.task), (folder / "own", job.files)):
            for name, data in files.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        return grade_confined(exercise, folder / "own" / exercise.file, job.dice)


def grade_class(
    students: dict[str, Path],
    exercises: Sequence[Exercise],
    executor: Executor | Any,
    dice: Dice,
    told: Callable[[Result], object] = lambda result: None,
) -> list[Result]:
    """Grade all submissions, by student and exercise, in order.

    students: their folders. executor: has `submit`. dice: the hidden seeds, the same for all. told: of each result, as
        soon as it and those before it are there.
    """
    waiting = [
        (student, exercise, _submitted(executor, exercise, folder / exercise.name / exercise.file, dice))
        for student, folder in students.items()
        for exercise in exercises
    ]
    known: dict[str, dict[str, Fingerprint]] = {}
    results = []
    for student, exercise, ask in waiting:
        result, fingerprint = _result(student, exercise, ask)
        if _is_telling(result):
            if exercise.name not in known:
                noted = exercise.fingerprints
                known[exercise.name] = {**noted} if noted else _fingerprints(executor, exercise, dice)
            like = nearest_of_noted if exercise.fingerprints else nearest
            name = like(fingerprint, known[exercise.name])
            result = replace(result, belief=exercise.belief(name) if name else None)
        told(result)
        results.append(result)
    return results


def _is_telling(result: Result) -> bool:
    return result.failure is not None and result.failure.rule != RUNS


def _submitted(executor: Any, exercise: Exercise, program: Path, dice: Dice) -> Callable[[], Verdict | None]:
    """A function that waits for the verdict; for None if there is no such program. It raises what went wrong."""
    try:
        files = dict(_files(program))
        if not files:
            return lambda: None
        future = executor.submit(grade_job, Job(exercise.name, _task(exercise), files, dice))
    except Exception as problem:
        return _raising(problem)
    return future.result  # type: ignore[no-any-return]  # an executor's


def _raising(problem: Exception) -> Callable[[], Verdict | None]:
    def ask() -> Verdict | None:
        raise problem

    return ask


def _result(student: str, exercise: Exercise, ask: Callable[[], Verdict | None]) -> tuple[Result, Fingerprint]:
    try:
        verdict = ask()
    except Exception as problem:  # of one submission, or of the executor: the others don't suffer
        return Result(student, exercise.name, ERROR, error=f"{type(problem).__name__}: {problem}"), {}
    if verdict is None:
        return Result(student, exercise.name, MISSING), {}
    outcome = PASSED if verdict.passed else FAILED
    first = None if verdict.passed else verdict.failures[0]
    return (
        Result(student, exercise.name, outcome, verdict.tried, len(verdict.failures), first),
        verdict.fingerprint,
    )


def _fingerprints(executor: Any, exercise: Exercise, dice: Dice) -> dict[str, Fingerprint]:
    """Of the known wrong solutions of an exercise for which they weren't noted, by name."""
    waiting = [(name, _submitted(executor, exercise, path, dice)) for name, path in exercise.wrong.items()]
    found: dict[str, Fingerprint] = {}
    for name, ask in waiting:
        try:
            verdict = ask()
        except Exception:  # then this mistake isn't named
            continue
        assert verdict is not None, "a wrong solution is a file"
        found[name] = verdict.fingerprint
    return found


def _task(exercise: Exercise) -> dict[str, bytes]:
    paths = [*exercise.folder.rglob("*.py"), exercise.folder / TASK]
    return {path.relative_to(exercise.folder).as_posix(): path.read_bytes() for path in paths}


def _files(program: Path) -> Iterator[tuple[str, bytes]]:
    """The program and what is beside it; nothing if it isn't there. Raises ValueError for what nobody hands in."""
    if not program.is_file():
        return
    for path in sorted(program.parent.glob("*.py")):
        if path.is_symlink():  # to a file of the grader's, which the program might then print
            raise ValueError(f"{path} is a link: hand in the file itself")
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"{path} has {path.stat().st_size:,} bytes, more than {MOST_BYTES:,}")
        yield path.name, path.read_bytes()
