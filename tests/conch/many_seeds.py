"""Telnet, the manhole and SSH on more bad networks than the tests have time for.

    python -m tests.conch.many_seeds SEEDS                 tries each for so many, on all cores

A seed that ends otherwise than it should is printed with its problem.
"""

from tests.support.many_seeds import main

TRIED = tuple(f"conch.test_{name}_bad_weather:Run" for name in ("telnet", "manhole", "ssh"))

if __name__ == "__main__":
    main(TRIED)
