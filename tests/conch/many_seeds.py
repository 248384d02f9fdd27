"""Telnet and the manhole on more bad networks: `python -m tests.conch.many_seeds SEEDS` tries each for so many."""

from tests.support.many_seeds import main

TRIED = ("conch.test_telnet_bad_weather:Run", "conch.test_manhole_bad_weather:Run")

if __name__ == "__main__":
    main(TRIED)
