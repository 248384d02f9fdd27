"""What a student seems to believe: the wrong solution that fails as theirs does, and its author's first line."""

from __future__ import annotations

from functools import cache

from lecture.exercises.confined import grade_confined
from lecture.exercises.folder import Exercise
from lecture.exercises.grading import RUNS, Verdict
from lecture.exercises.misconceptions import nearest, nearest_of_noted
from lecture.exercises.schedules import Dice


def belief_behind(exercise: Exercise, verdict: Verdict, dice: Dice | None = None) -> str | None:
    """The belief, if it is known. A program that doesn't even run says nothing about that.

    dice: the hidden seeds that it was graded with.
    """
    if verdict.passed or verdict.failures[0].rule == RUNS:
        return None
    if noted := exercise.fingerprints:
        name = nearest_of_noted(verdict.fingerprint, noted)
    else:
        name = nearest(verdict.fingerprint, _known(exercise, dice if exercise.has_hidden_seeds else None))
    return exercise.belief(name) if name else None


@cache  # they are the same at each save
def _known(exercise: Exercise, dice: Dice | None) -> dict[str, dict[str, str]]:
    return {name: grade_confined(exercise, path, dice).fingerprint for name, path in exercise.wrong.items()}
