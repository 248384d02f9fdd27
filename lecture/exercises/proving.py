"""Proves that exercises are good ones: each fails as given, can be solved, and tells every mistake from the others."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator

from lecture.errors import LectureError, Where
from lecture.exercises.confined import grade_confined
from lecture.exercises.folder import CHECK, FINGERPRINTS, HOW_TO_WRITE_THEM, TASK, WRONG, Exercise
from lecture.exercises.grading import RUNS, Verdict
from lecture.exercises.misconceptions import Fingerprint, alike, likeness
from lecture.exercises.schedules import Dice
from lecture.programs.cache import write_atomically

MOST_LINES = 25  # that a student has to write
FEW = Dice(count=5)  # hidden seeds, for wrong solutions: those of the solution are as many as a student's
THE_SAME = 0.9  # of two fingerprints of one program: another Python has other words for some errors


def problems(exercise: Exercise, write: bool = False) -> Iterator[LectureError]:
    """What is wrong with an exercise; nothing, if it is a good one.

    write: whether to note how the wrong solutions fail, which is compared with what was noted otherwise.
    """
    try:
        yield from _statement(exercise)
        prints = yield from _programs(exercise)
        yield from _note(exercise, prints) if write else _compare(exercise, prints)
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


def _programs(exercise: Exercise) -> Generator[LectureError, None, dict[str, Fingerprint]]:
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
    prints: dict[str, Fingerprint] = {}
    beliefs: dict[str, str] = {}
    for name, path in exercise.wrong.items():
        other = beliefs.setdefault(exercise.belief(name), name)
        if other != name:
            yield LectureError(f"its first line says what {other!r} believes", where=Where(path, 1))
        verdict = grade_confined(exercise, path, FEW)
        if verdict.passed:
            yield LectureError("this wrong solution passes: no check finds its mistake", where=Where(path, 1))
        elif verdict.failures[0].rule == RUNS:
            yield LectureError(f"it fails for another reason than its mistake: {_first(verdict)}", where=Where(path, 1))
        prints[name] = verdict.fingerprint
    for one, other in alike(prints):
        said = f"no schedule tells it from {other!r}: they need a check in which one of them passes"
        yield LectureError(said, where=Where(exercise.wrong[one], 1))
    return prints


def _note(exercise: Exercise, prints: dict[str, Fingerprint]) -> Iterator[LectureError]:
    lines = (f"{json.dumps(name)}: {json.dumps(print_, sort_keys=True)}" for name, print_ in prints.items())
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    try:
        write_atomically(exercise.folder / WRONG / FINGERPRINTS, text.encode())
    except OSError as problem:
        yield LectureError(f"cannot write {FINGERPRINTS}: {problem}", where=Where(exercise.folder / WRONG, 1))


def _compare(exercise: Exercise, prints: dict[str, Fingerprint]) -> Iterator[LectureError]:
    noted = exercise.fingerprints
    stale = [name for name in prints if noted and likeness(prints[name], noted.get(name, {})) < THE_SAME]
    if stale:
        said = f"it says how {stale[0]!r} failed, which fails in another way now: {HOW_TO_WRITE_THEM}"
        yield LectureError(said, where=Where(exercise.folder / WRONG / FINGERPRINTS, 1))


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}


def _first(verdict: Verdict) -> str:
    one = verdict.failures[0]
    return f"{one.check}, {one.said}: {one.rule}, {one.what} (expected {one.expected}, came {one.came})"
