"""Receivers of GPS on more bad networks, and with more nonsense, than the tests have time for.

    python -m tests.positioning.many_seeds SEEDS                 tries each for so many, on all cores

A seed that ends otherwise than it should is printed with its problem.
"""

from tests.support.many_seeds import main

TRIED = (
    "positioning.test_gps_bad_weather:Run",
    "positioning.test_nmea:one_noise",
    "positioning.test_zodiac:one_cut",
)

if __name__ == "__main__":
    main(TRIED)
