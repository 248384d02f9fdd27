"""What it takes to replay the sessions of the lecture in the simulated world, all of them, as one process on one core.

Beside it stands the same process with no session to replay: what Python and the imports cost.
"""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path

from _machine import Watch
from _measure import Finished, conditions, number, options, publish, run_process, spread, table, take_turns

from lecture.programs import Examples
from lecture.programs.not_simulated import read_exceptions, uses_the_reactor

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
NONE, ALL = "no session", "all sessions"


def folders() -> list[str]:
    """Those that are replayed."""
    examples = Examples(EXAMPLES)
    names = [name for name in examples.names() if name not in read_exceptions(EXAMPLES, examples.names())]
    return [str(EXAMPLES / name) for name in names if uses_the_reactor(EXAMPLES / name)]


def measure(which: str) -> Finished:
    return run_process([sys.executable, "-m", "lecture.programs.simulation", *(folders() if which == ALL else ())])


def main() -> None:
    arguments = options(__doc__, rounds=5).parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    watch = Watch(["tutorial-of-doom"])
    samples = take_turns([NONE, ALL], arguments.rounds, measure)
    machine = watch.report()
    rows = []
    for which, series in samples.items():
        wall, cpu = [one.wall for one in series], [one.cpu for one in series]
        rows.append((which, number(min(wall)), spread(wall), number(min(cpu)), spread(cpu)))
    header = (f"{len(folders())} sessions", "wall, best, s", "median (range)", "CPU, best, s", "median (range)")
    sections = {"": table(header, rows), "Conditions": conditions(machine, arguments.rounds)}
    raw = {which: [asdict(one) for one in series] for which, series in samples.items()}
    result = {"unit": "s", "machine": machine, "sessions": len(folders()), "samples": raw}
    publish("Replaying the lecture in the simulated world", sections, result, arguments.json)


if __name__ == "__main__":
    main()
