"""LDAP on more bad networks, and with more noise, than the tests have time for.

    python -m tests.ldap.many_seeds SEEDS

A seed that ends otherwise than it should is printed with its problem.
"""

import sys
from concurrent.futures import ProcessPoolExecutor

from reactor import log
from tests.ldap import test_ldap_fuzz
from tests.ldap.test_ldap_bad_weather import try_one

PORTION = 25


class _Quiet:
    """What a test uses of the fixture `logged_errors`."""

    def flush(self, *kinds):
        return []


def _noise(seed):
    test_ldap_fuzz.test_a_server_answers_nonsense_the_same_however_it_is_cut(seed, _Quiet())
    test_ldap_fuzz.test_a_client_survives_nonsense_and_whoever_waits_is_told(seed, _Quiet())


def problems_of(seeds):
    """What went wrong with these, and how many bytes of noise were sent."""
    log.discardLogs()  # misfortunes are logged, as they should be
    found = []
    for attempt in (try_one, _noise):
        for seed in seeds:
            try:
                attempt(seed)
            except Exception as problem:
                found.append(f"{attempt.__name__.strip('_')} {seed}: {problem!r}")
    return found, sum(len(piece) for seed in seeds for piece in test_ldap_fuzz.noise(seed))


def main(count):
    """Returns the exit status: 1 when something was lost."""
    problems, fuzzed = [], 0
    with ProcessPoolExecutor() as pool:
        portions = [range(first, min(first + PORTION, count)) for first in range(0, count, PORTION)]
        for found, size in pool.map(problems_of, portions):
            problems += found
            fuzzed += 3 * size  # the server gets it whole and cut, the client once
    print(f"{count} seeds, {len(problems)} with a loss; {fuzzed} bytes of noise", *problems, sep="\n  ", flush=True)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
