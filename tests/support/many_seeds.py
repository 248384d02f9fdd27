"""More seeds than the tests have time for, on all cores: what the `many_seeds` of each protocol calls."""

import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from importlib import import_module
from itertools import repeat

from reactor import log

PORTION = 25


def problems_of(place, seeds):
    """What went wrong with these seeds. place: "module:name" under tests, of what takes a seed; it may have `go`."""
    log.discardLogs()  # misfortunes are logged, as they should be
    module, _, name = place.partition(":")
    attempt = getattr(import_module(f"tests.{module}"), name)
    found = []
    for seed in seeds:
        try:
            run = attempt(seed)
            if hasattr(run, "go"):
                run.go()
        except Exception as problem:
            found.append(f"seed {seed}: {problem!r}")
    return found


def try_many(places, count):
    """Print for each place what its seeds below `count` came to. Returns the exit status: 1 when one went wrong."""
    wrong = 0
    with ProcessPoolExecutor() as pool, suppress(BrokenPipeError):
        for place in places:
            portions = [range(first, min(first + PORTION, count)) for first in range(0, count, PORTION)]
            problems = [one for some in pool.map(problems_of, repeat(place), portions) for one in some]
            wrong += len(problems)
            print(f"{place}: {count} seeds, {len(problems)} went wrong", *problems, sep="\n  ", flush=True)
    return int(bool(wrong))


def main(places):
    """The command: its argument is how many seeds."""
    sys.exit(try_many(places, int(sys.argv[1])))
