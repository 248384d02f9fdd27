"""A call that is cancelled never happens: that needs no test."""

import sys

from oven import OVENS

from reactor.task import Clock

BAKES_S = 3600


def test(bake):
    """Raises AssertionError for an oven that is broken. bake: see oven.py."""
    clock, rung = Clock(), []
    bake(clock, BAKES_S, lambda: rung.append(clock.seconds()))
    clock.advance(BAKES_S - 1)
    assert not rung, "too early"
    clock.advance(1)
    assert rung == [BAKES_S], "not in time"
    clock.advance(10 * BAKES_S)
    assert rung == [BAKES_S], "again"


try:
    test(OVENS[sys.argv[1]])
except AssertionError:
    sys.exit("broken")
print("ok")
