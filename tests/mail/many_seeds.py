"""Post and news on more bad networks than the tests have time for.

    python -m tests.mail.many_seeds SEEDS                 tries each of the five for so many, on all cores

It says how many letters or articles were lost: a seed that ends otherwise than it should is printed with its problem.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from importlib import import_module

from reactor import log
from tests.support.bad_weather import try_all

TRIED = ("mail.test_smtp_bad_weather", "mail.test_pop3_bad_weather", "mail.test_imap4_bad_weather")
TRIED = (*TRIED, "mail.test_imap_bad_weather", "news.test_feeds_bad_weather")
PORTION = 25


def problems_of(name, seeds):
    """What went wrong with these seeds."""
    log.discardLogs()  # misfortunes are logged, as they should be
    run = import_module(f"tests.{name}").Run
    found = []
    for seed in seeds:
        try:
            try_all(run, [seed])
        except AssertionError as problem:
            found.append(str(problem))
    return found


def main(count):
    """Returns the exit status: 1 when something was lost."""
    lost = 0
    with ProcessPoolExecutor() as pool, suppress(BrokenPipeError):
        for name in TRIED:
            portions = [range(first, min(first + PORTION, count)) for first in range(0, count, PORTION)]
            problems = [one for some in pool.map(problems_of, [name] * len(portions), portions) for one in some]
            lost += len(problems)
            print(f"{name}: {count} seeds, {len(problems)} with a loss", *problems, sep="\n  ", flush=True)
    return bool(lost)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
