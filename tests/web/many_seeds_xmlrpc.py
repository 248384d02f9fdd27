"""XML-RPC on more bad networks, and with more nonsense, than the tests have time for.

    python -m tests.web.many_seeds_xmlrpc SEEDS                 tries each for so many, on all cores

A seed that ends otherwise than it should is printed with its problem.
"""

from tests.support.many_seeds import main

TRIED = (
    "web.test_xmlrpc_bad_weather:Run",
    "web.test_xmlrpc_fuzz:one_message",
)

if __name__ == "__main__":
    main(TRIED)
