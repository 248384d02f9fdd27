"""`python -m tests.faults`: try many seeds, or replay one.

python -m tests.faults --seeds 10000              seeds 0 to 9999, on all processors
python -m tests.faults --seeds 500 --first 20000  others
python -m tests.faults --new 200                  random seeds, never tried before
python -m tests.faults --seed 1234                one, with a log of the run
python -m tests.faults --seed 1234 --shrink       the same, without what the failure doesn't need
python -m tests.faults --seed 1234 --trace x.json every step of it, as reactor/trace/FORMAT.md has it
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
import traceback
from contextlib import nullcontext
from multiprocessing import Pool

from reactor.trace import Recorder
from tests.faults.plans import plan_for
from tests.faults.running import Run
from tests.faults.shrinking import shrunk

_LINES = 60
_STEPS = 200_000


def problems_of(seed):
    """The problems of this seed, also those that the run itself raises."""
    try:
        return Run(plan_for(seed)).go()
    except Exception:
        return [traceback.format_exc()]


def replay(plan, whole, trace=None):
    """Run one plan, and print what happened. Returns whether all went well. trace: the file for its timeline."""
    run = Run(plan)
    recorder = Recorder(run.world, most_steps=_STEPS)
    try:
        with recorder if trace else nullcontext():
            run.go()
    finally:
        if trace:
            recorder.timeline().write(trace)
        lines = run.log.splitlines()
        print(plan.text())
        print(f"\n{len(lines)} lines of log" + ("" if whole or len(lines) <= _LINES else f", the last {_LINES}:"))
        print("\n".join(lines if whole else lines[-_LINES:]))
    print("\n".join(run.problems) or "all is well")
    return not run.problems


def try_many(seeds, processes):
    """Run them all, print what fails. Returns whether all went well."""
    began = time.perf_counter()
    failed = 0
    with Pool(processes) as pool:
        for seed, problems in zip(seeds, pool.imap(problems_of, seeds, chunksize=8), strict=True):
            if problems:
                failed += 1
                print(f"seed {seed}: {problems[0]}", flush=True)
                print(f"    to replay it: python -m tests.faults --seed {seed} --trace {seed}.json", flush=True)
    took_s = time.perf_counter() - began
    a_minute = len(seeds) / took_s * 60
    print(f"{len(seeds)} seeds in {took_s:.1f} s ({a_minute:.0f} a minute on {processes} processes), {failed} failed")
    return not failed


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="The reactor under faults from a seed.")
    parser.add_argument("--seeds", type=int, default=200, help="how many to try (200)")
    parser.add_argument("--first", type=int, default=0, help="which one to begin with (0)")
    parser.add_argument("--new", type=int, default=0, help="how many random seeds to try as well")
    parser.add_argument("--processes", type=int, default=None, help="how many at once (as many as processors)")
    parser.add_argument("--seed", type=int, help="replay this one")
    parser.add_argument("--shrink", action="store_true", help="leave out what the failure doesn't need")
    parser.add_argument("--trace", metavar="FILE", help="with --seed: write every step there")
    parser.add_argument("--whole", action="store_true", help="print the whole log")
    asked = parser.parse_args()
    if asked.seed is not None:
        plan = plan_for(asked.seed)
        return replay(shrunk(plan) if asked.shrink else plan, asked.whole, asked.trace)
    seeds = list(range(asked.first, asked.first + asked.seeds))
    seeds += [secrets.randbelow(10**9) for _ in range(asked.new)]
    return try_many(seeds, asked.processes or os.cpu_count())


if __name__ == "__main__":
    sys.exit(not main())
