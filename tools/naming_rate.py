"""How often the grader names the right misconception, of wrong solutions made by seed.

    python -m tools.naming_rate [--count 120] [--seed 1]

Each is a known mistake in other words, often with a slip elsewhere (tests/support/mistakes.py). A student is shown the
first failure, and what is named should explain it. So those are left out that pass, that don't run at all, or that fail
first where the slip alone does; how many is printed, too.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from lecture.errors import LectureError
from lecture.exercises.beliefs import belief_behind
from lecture.exercises.confined import grade_confined
from lecture.exercises.folder import Exercise, find_exercises
from lecture.exercises.grading import RUNS, Verdict
from lecture.programs.temporary import temporary_folder
from tests.support.mistakes import Mistake, mistakes

ROOT = Path(__file__).parent.parent
RIGHT, WRONG, NOTHING, HIDDEN = "right", "wrong", "nothing", "hidden"


def outcome(mistake: Mistake) -> tuple[str, str]:
    """RIGHT, WRONG or NOTHING for what was named; HIDDEN if there was nothing to name. And a line about it."""
    verdict = _verdict(mistake.exercise, mistake.source)
    if verdict.passed or verdict.failures[0].rule == RUNS:
        return HIDDEN, ""
    if mistake.slip and _first(verdict) == _first(_verdict(mistake.exercise, mistake.slip_alone)):
        return HIDDEN, ""
    belief = belief_behind(mistake.exercise, verdict)
    kind = NOTHING if belief is None else RIGHT if belief == mistake.exercise.belief(mistake.wrong) else WRONG
    return kind, f"{kind:8} {mistake.exercise.name}/{mistake.wrong} ({mistake.slip or 'no slip'}): {belief}"


def _first(verdict: Verdict) -> str:
    """The check and the schedule that a student is shown."""
    return "" if verdict.passed else f"{verdict.failures[0].check}: {verdict.failures[0].schedule}"


def _verdict(exercise: Exercise, source: str) -> Verdict:
    with temporary_folder("naming") as folder:
        (folder / exercise.file).write_text(source, encoding="utf-8")
        return grade_confined(exercise, folder / exercise.file)


def measure(count: int, seed: int) -> Counter[str]:
    """Grade until so many showed a mistake. Prints those that weren't named right."""
    counted: Counter[str] = Counter()
    made = mistakes(find_exercises(ROOT / "exercises"), seed)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        while (missing := count - counted.total() + counted[HIDDEN]) > 0:
            for kind, line in pool.map(outcome, islice(made, missing)):
                counted[kind] += 1
                if kind in (WRONG, NOTHING):
                    print(line, flush=True)
    return counted


def main() -> None:
    """Print the rate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    try:
        counted = measure(options.count, options.seed)
    except LectureError as problem:
        sys.exit(str(problem))
    print(
        f"{counted[RIGHT]} of {options.count} named right ({counted[RIGHT] / options.count:.1%}), "
        f"{counted[WRONG]} wrong, {counted[NOTHING]} not at all; "
        f"{counted[HIDDEN]} others show no mistake (seed {options.seed})"
    )


if __name__ == "__main__":
    main()
