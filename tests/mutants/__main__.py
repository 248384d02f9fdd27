"""Mutants: `python -m tests.mutants` changes the reactor's source, a place at a time, and wants the tests to notice.

Where `tests.faults.mutants` has defects made by hand, and lets a simulation find them, here operators make them, and
any test may. First the tests run once, watched, so that each mutant is tried by those alone that run its line. What
survives is printed as judged/*.diff would have it, where survivors stand that make no difference, each with the reason:

    # equivalent: why nothing can tell the two apart
    -    a line, or as many as are there only once
    +    what comes instead
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from tests.mutants.covering import Map
from tests.mutants.generating import Change, places_of
from tests.mutants.judging import ROOT, judged_sources
from tests.mutants.trying import Copies, copy_tree, pytest_in

PACKAGES = ["core/loop", "core/transports", "defer", "log", "web", "sim", "application"]
# They start no reactor, or are other people's and long; the lecture's are about the lecture.
LEFT_OUT = ["asyncioloop", "benchmarks", "docs", "lecture", "mutants", "port", "style", "tools"]
LEAST_PERCENT = 90.0
FOLDER = ROOT / ".cache" / "mutants"
_OUTCOMES = ("killed", "timed out", "survived")


def files_of(package: str) -> list[Path]:
    """The files of a package, or the one that is a package by itself."""
    return sorted((ROOT / "reactor" / package).rglob("*.py")) or [ROOT / "reactor" / f"{package}.py"]


def sample_of(package: str, size: int | None, dice: random.Random) -> list[Change]:
    """So many mutants of a package, or one for each place."""
    places = [place for path in files_of(package) for place in places_of(path)]
    dice.shuffle(places)
    return list(islice(filter(None, (place.change(dice) for place in places)), size))


def report(package: str, outcomes: Counter[str]) -> str:
    """A line of the table. Those judged count neither way."""
    tried = sum(outcomes[each] for each in _OUTCOMES)
    score = 100 * (tried - outcomes["survived"]) / tried if tried else 100.0
    counts = "".join(f"{outcomes[each]:11}" for each in (*_OUTCOMES, "judged"))
    return f"{package:18}{tried:8}{counts}{score:9.1f} %"


def watch(folder: Path, tests: list[str]) -> None:
    """Run the tests of a copy of this tree, and write down which lines each of them runs. All take some minutes."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "map").mkdir(parents=True)
    left_out = [f"--ignore=tests/{room}" for room in LEFT_OUT]
    watched = ["-p", "tests.mutants.watching", *left_out, *tests]
    code, output = pytest_in(copy_tree(folder / "0"), *watched, timeout_s=3600, MUTANTS_MAP=str(folder / "map"))
    print("\n".join(output.splitlines()[-5:]), flush=True)
    if code not in (0, 1):
        raise SystemExit(f"the tests could not be watched:\n{output}")


class Run:
    """One run: copies of the tree in `folder`, the map that `watch` left there, and what became of the mutants."""

    def __init__(self, folder: Path) -> None:
        self.map = Map(folder / "map", folder / "0")
        self.copies = Copies([copy_tree(folder / str(number)) for number in range(os.cpu_count() or 1)])
        self.known = judged_sources()

    def become(self, change: Change) -> str:
        """What becomes of a mutant."""
        path = change.path.relative_to(ROOT).as_posix()
        if (path, change.after) in self.known:
            return "judged"
        tests = self.map.tests_of(path, change.line)
        outcome = self.copies.outcome(path, change.after, tests, self._patience(tests))
        if outcome == "survived" and (more := self.map.tests_of(path, change.line, tried=tests)):
            tests += more
            outcome = self.copies.outcome(path, change.after, more, self._patience(more))
        if outcome == "survived":
            print(f"# survived {len(tests)} tests: {path}:{change.line}\n{change.diff()}", flush=True)
        return outcome

    def _patience(self, tests: list[str]) -> float:
        return 20 + 4 * sum(self.map.durations[test] for test in tests)


def main() -> int:
    """The command line. Returns the exit code: 1 when fewer are found than should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--sample", type=int, help="how many of each package; all without it")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32), help="which; printed, to repeat a run")
    parser.add_argument("--again", action="store_true", help="with the map of the last run, as if no test had changed")
    parser.add_argument("--only", nargs="*", default=PACKAGES, help="packages or modules, such as web/websocket")
    parser.add_argument("--tests", nargs="*", default=["tests"], help="folders of the tests that are tried; all")
    parser.add_argument("--least", type=float, default=LEAST_PERCENT, help="how many per cent of them tests must find")
    asked = parser.parse_args()
    print(f"seed {asked.seed}")
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # in a shell's background nobody would hear it, nor our tests
    began = time.perf_counter()
    lines, total = [], Counter[str]()
    if not asked.again:
        watch(FOLDER, asked.tests)
    run = Run(FOLDER)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for package in asked.only:
            sample = sample_of(package, asked.sample, random.Random(f"{asked.seed} {package}"))
            outcomes = Counter(pool.map(run.become, sample))
            lines.append(report(package, outcomes))
            print(lines[-1], flush=True)
            total += outcomes
    print(f"{'':18}{'mutants':>8}{''.join(f'{each:>11}' for each in (*_OUTCOMES, 'judged'))}{'score':>11}")
    print("\n".join([*lines, report("together", total)]))
    print(f"{time.perf_counter() - began:.0f} s")
    return float(report("", total).split()[-2]) < asked.least


if __name__ == "__main__":
    sys.exit(main())
