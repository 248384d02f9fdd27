"""Proves that exercises are good ones: each fails as given, can be solved, and tells every mistake from the others."""

from __future__ import annotations

from collections.abc import Iterator

from lecture.errors import LectureError, Where
from lecture.exercises.confined import grade_confined
from lecture.exercises.folder import CHECK, TASK, Exercise
from lecture.exercises.grading import RUNS, Verdict
from lecture.exercises.misconceptions import alike
from lecture.exercises.schedules import Dice

MOST_LINES = 25  # that a student has to write
FEW = Dice(count=5)  # hidden seeds, for wrong solutions: those of the solution are as many as a student's


def problems(exercise: Exercise) -> Iterator[LectureError]:
    """What is wrong with an exercise; nothing, if it is a good one."""
    try:
        yield from _statement(exercise)
        yield from _programs(exercise)
    except LectureError as problem:
        yield problem


def _statement(exercise: Exercise) -> Iterator[LectureError]:
    where = Where(exercise.folder / TASK, 1)
    if not exercise.text:
        yield LectureError("the task doesn't say what is to be done", where=where)
    if not exercise.hints:
        yield LectureError("there is no hint: a list `1. …` below `## Hints`", where=where)
    cited = {rule for check in exercise.checks for rule in check.rules}
    for rule in exercise.rules.keys() - cited:
        yield LectureError(f"no check holds a program to rule {rule}", where=where)
    for rule in cited - exercise.rules.keys():
        where = Where(exercise.folder / CHECK, 1)
        yield LectureError(f"a check cites rule {rule!r}, which the task doesn't have", where=where)
    if not exercise.wrong:
        yield LectureError(f"there is no wrong solution: wrong/NAME/{exercise.file}", where=where)


def _programs(exercise: Exercise) -> Iterator[LectureError]:
    given, solution = exercise.folder / exercise.file, exercise.folder / "solution" / exercise.file
    if "TODO" not in given.read_text(encoding="utf-8"):
        yield LectureError("nothing in it says TODO: where does the student begin?", where=Where(given, 1))
    if grade_confined(exercise, given, first_only=True).passed:
        yield LectureError("it passes as it is given: there is nothing to do", where=Where(given, 1))
    verdict = grade_confined(exercise, solution)
    if not verdict.passed:
        yield LectureError(f"the solution fails: {_first(verdict)}", where=Where(solution, 1))
    written = _lines(solution.read_text(encoding="utf-8")) - _lines(given.read_text(encoding="utf-8"))
    if len(written) > MOST_LINES:
        yield LectureError(
            f"the solution has {len(written)} new lines, more than {MOST_LINES}", where=Where(solution, 1)
        )
    prints = {}
    for name, path in exercise.wrong.items():
        exercise.belief(name)
        verdict = grade_confined(exercise, path, FEW)
        if verdict.passed:
            yield LectureError("this wrong solution passes: no check finds its mistake", where=Where(path, 1))
        elif verdict.failures[0].rule == RUNS:
            yield LectureError(f"it fails for another reason than its mistake: {_first(verdict)}", where=Where(path, 1))
        prints[name] = verdict.fingerprint
    for one, other in alike(prints):
        said = f"no schedule tells it from {other!r}: they need a check in which one of them passes"
        yield LectureError(said, where=Where(exercise.wrong[one], 1))


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}


def _first(verdict: Verdict) -> str:
    one = verdict.failures[0]
    return f"{one.check}, {one.said}: {one.rule}, {one.what} (expected {one.expected}, came {one.came})"
