"""A verdict in words, for a terminal: the rule, what was sent, came and was expected, and what one may believe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import fill

from lecture.exercises.folder import Exercise
from lecture.exercises.grading import RUNS, Failure, Verdict
from lecture.exercises.schedules import Dice


def statement(exercise: Exercise) -> str:
    """The task as a student reads it in a terminal: title, text, rules."""
    rules = (
        fill(f"{name}: {rule}", 110, initial_indent="  ", subsequent_indent="      ")
        for name, rule in exercise.rules.items()
    )
    return "\n".join([exercise.title, "", exercise.text, "", "Rules:", *rules])


def told(exercise: Exercise, verdict: Verdict, belief: str | None = None, dice: Dice | None = None) -> str:
    """The verdict as lines of text.

    belief: what somebody who writes such a program believes, if that is known. dice: the hidden seeds.
    """
    if verdict.passed:
        has_dice = dice is not None and exercise.has_hidden_seeds
        more = f"\n{dice.count} of them are by the dice; `--seeds 1000` tries more." if dice and has_dice else ""
        return f"Passed: {verdict.tried} worlds, and it holds in each.{more}"
    failure = verdict.failures[0]
    lines = [f"Not yet. In {len(verdict.failures)} of {verdict.tried} worlds it breaks a rule; the shortest:", ""]
    lines += _failure(failure, exercise)
    if belief:
        lines += ["", f"Do you count on this? {belief}"]
    if failure.schedule != "plain":
        who = "People" if failure.schedule.startswith("Ctrl-C") else "The network"
        lines += ["", f"{who} may do that: {failure.said}."]
    if failure.schedule.startswith("hidden"):
        again = f"lecture exercises try {same(exercise, failure)}"
        lines += [f"Nobody has seen this seed before. The same again: `{again}`"]
    return "\n".join(lines)


def same(exercise: Exercise, failure: Failure) -> str:
    """The words behind a command that grades again, and shall find the same failure: a hidden seed is told."""
    return exercise.name + (f" --seed {failure.seed} --seeds 1" if failure.schedule.startswith("hidden") else "")


def _failure(failure: Failure, exercise: Exercise) -> list[str]:
    rule = exercise.rules.get(failure.rule, "It runs, and raises nothing that it doesn't catch.")
    lines = [f"  {failure.rule}: {rule}" if failure.rule != RUNS else f"  {rule}", f"  {failure.what}"]
    if failure.sent:
        lines.append("  sent      " + "  ".join(_counted(failure.sent)))
    if failure.expected is not None:
        lines.append(f"  expected  {_aligned(failure.expected)}")
    if failure.came is not None:
        lines.append(f"  {'came      ' if failure.rule != RUNS else 'it said   '}{_aligned(failure.came)}")
    return lines


def _counted(pieces: Iterable[str]) -> Iterator[str]:
    """Pieces, those that are the same in a row as one with their number: 10 MB of one letter come in thousands."""
    for piece, same in groupby(pieces):
        count = len(list(same))
        yield piece if count == 1 else f"{count} × {piece}"


def _aligned(text: str) -> str:
    """Several lines below each other; and nothing, so that one sees it."""
    return text.rstrip("\n").replace("\n", "\n" + " " * 12) or "(nothing)"
