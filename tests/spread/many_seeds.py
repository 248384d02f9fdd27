"""Perspective Broker on more bad networks, and with more nonsense, than the tests have time for.

    python -m tests.spread.many_seeds SEEDS                 tries each for so many, on all cores

A seed that ends otherwise than it should is printed with its problem.
"""

from tests.support.many_seeds import main

TRIED = (
    "spread.test_pb_bad_weather:Run",
    "spread.test_spread_fuzz:one_decoding",
    "spread.test_spread_fuzz:one_jelly",
    "spread.test_spread_fuzz:one_conversation",
)

if __name__ == "__main__":
    main(TRIED)
