"""A verdict in words, for a terminal: the rule, what was sent, came and was expected, and what one may believe."""

from __future__ import annotations

from lecture.exercises.folder import Exercise
from lecture.exercises.grading import RUNS, Failure, Verdict
from lecture.exercises.schedules import Dice


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
        again = f"lecture exercises try {exercise.name} --seed {failure.seed} --seeds 1"
        lines += [f"Nobody has seen this seed before. The same again: `{again}`"]
    return "\n".join(lines)


def _failure(failure: Failure, exercise: Exercise) -> list[str]:
    rule = exercise.rules.get(failure.rule, "It runs, and raises nothing that it doesn't catch.")
    lines = [f"  {failure.rule}: {rule}" if failure.rule != RUNS else f"  {rule}", f"  {failure.what}"]
    if failure.sent:
        lines.append("  sent      " + "  ".join(failure.sent))
    if failure.expected is not None:
        lines.append(f"  expected  {failure.expected}")
    if failure.came is not None:
        lines.append(f"  came      {failure.came}" if failure.rule != RUNS else f"  it said   {failure.came}")
    return lines
