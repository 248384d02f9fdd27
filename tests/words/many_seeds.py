"""A room on more bad networks than the tests have time for.

    python -m tests.words.many_seeds SEEDS                 tries so many

It says how many ended otherwise than they should, each with its problem.
"""

import sys

from reactor import log
from tests.support.bad_weather import try_all
from tests.words.test_irc_bad_weather import Run


def main(count):
    """Returns the exit status: 1 when something was lost."""
    log.discardLogs()
    lost = 0
    for seed in range(count):
        try:
            try_all(Run, [seed])
        except AssertionError as problem:
            lost += 1
            print(problem, flush=True)
    print(f"{count} seeds, {lost} with a loss")
    return bool(lost)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
