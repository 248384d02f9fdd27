"""A test waits for what is to happen, and looks."""

import sys

from oven import OVENS

from reactor.task import Clock

BAKES_S = 3600


def test(bake):
    """Raises AssertionError for an oven that is broken. bake: see oven.py."""
    clock, rung = Clock(), []
    bake(clock, BAKES_S, lambda: rung.append(clock.seconds()))
    clock.advance(BAKES_S)
    assert rung


try:
    test(OVENS[sys.argv[1]])
except AssertionError:
    sys.exit("broken")
print("ok")
