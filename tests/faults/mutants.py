"""Deliberate defects: `python -m tests.faults.mutants` fails unless every one of them is found.

A suite that finds no faults proves little until it is known to find some. Each mutant is a change of one
place in the reactor's source, as a programmer might make it by mistake; defects/ has them, a file for each module:

    # what this defect is [seed 1234]
    -    lines that are replaced, which must be there exactly once
    +    lines that come instead, if any

(For the few that are hard to find, the seed is one that is known to find it.)
The change is made while the module is loaded, in its own process (see mutating.py), never on disk. Those that no seed
finds are listed at the end, and make the run fail.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults.mutating import Mutant, find_out, in_a_process

_DEFECTS = Path(__file__).with_name("defects")
_SEEDS = 2000


def mutants():
    """All mutants, in the order of the files."""
    return [mutant for path in sorted(_DEFECTS.glob("*.diff")) for mutant in mutants_in(path)]


def mutants_in(path):
    for text in path.read_text(encoding="utf-8").strip().split("\n\n"):
        title, *lines = text.splitlines()
        if not title.startswith("# ") or not all(line[:1] in "-+" for line in lines):
            raise ValueError(f"{path.name}: a mutant is '# what it is', lines with '-', lines with '+'; not {text!r}")
        old, new = ([line[1:] for line in lines if line[0] == sign] for sign in "-+")
        name, _, seed = title[2:].rstrip("]").partition(" [seed ")
        yield Mutant(name, f"reactor.{path.stem}", old, new, int(seed) if seed else None)


def main():
    """The command line. Returns the exit code: 1 when a mutant was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.mutants")
    parser.add_argument("--seeds", type=int, default=_SEEDS, help=f"how many to try on each, at most ({_SEEDS})")
    parser.add_argument("--only", default="", help="mutants whose module or name has this in it")
    parser.add_argument("--become", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.become is not None:
        find_out(mutants()[asked.become], asked.seeds)
        return 0
    return _try_all(mutants(), asked.only, asked.seeds)


def _try_all(every, only, seeds):
    chosen = [number for number, mutant in enumerate(every) if only in f"{mutant.module} {mutant.name}"]
    began = time.perf_counter()
    missed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, found in zip(chosen, pool.map(lambda each: in_a_process(each, seeds), chosen), strict=True):
            mutant = every[number]
            print(f"{'caught' if found else 'MISSED'}  {mutant.module}: {mutant.name}")
            print(f"        {found[:150]}", flush=True)
            if not found:
                missed.append(mutant)
    print(f"{len(chosen) - len(missed)} of {len(chosen)} caught in {time.perf_counter() - began:.0f} s")
    for mutant in missed:
        print(f"missed: {mutant.module}: {mutant.name}")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
