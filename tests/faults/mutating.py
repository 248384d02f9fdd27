"""Turning a process into a mutant, and letting the suite loose on it."""

from __future__ import annotations

import importlib.machinery
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_TIMEOUT_S = 180.0
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutant:
    """One defect. module: where. old, new: its lines, and their replacements. seed: one that finds it."""

    name: str
    module: str
    old: list[str]
    new: list[str]
    seed: int | None = None

    def spoil(self, source):
        """The source with the defect. Raises ValueError unless its place is there exactly once."""
        old, new = ("".join(f"{line}\n" for line in lines) for lines in (self.old, self.new))
        times = f"\n{source}".count(f"\n{old}")
        if times != 1:
            raise ValueError(f"the lines of mutant {self.name!r} are {times} times in {self.module}: mend its diff")
        return f"\n{source}".replace(f"\n{old}", f"\n{new}")[1:]


class _Spoiled(importlib.machinery.SourceFileLoader):
    """Loads one module with one place changed, and never from its compiled file."""

    mutant = None

    def get_code(self, fullname):
        source = self.get_data(self.path).decode()
        return self.source_to_code(self.mutant.spoil(source).encode(), self.path)


class _Finder:
    """Finds the mutant's module before all other finders."""

    def __init__(self, mutant):
        self._mutant = mutant

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self._mutant.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        spec.loader = _Spoiled(fullname, spec.origin)
        spec.loader.mutant = self._mutant
        return spec


def find_out(mutant, seeds):
    """In this process: become the mutant, and print the first seed that finds it, with its first problem."""
    sys.meta_path.insert(0, _Finder(mutant))
    from tests.faults.__main__ import problems_of

    for seed in [*([] if mutant.seed is None else [mutant.seed]), *range(seeds)]:
        if problems := problems_of(seed):
            print(f"seed {seed}: {problems[0].strip().splitlines()[-1]}")
            return


def in_a_process(number, seeds):
    """The output of a process that has become this mutant; "" if it found nothing. Raises RuntimeError if it failed."""
    command = [sys.executable, "-m", "tests.faults.mutants", "--become", str(number), "--seeds", str(seeds)]
    try:
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return "it hangs"
    if done.returncode:
        raise RuntimeError(f"mutant {number} could not be made:\n{done.stderr}")
    return done.stdout.strip()
