"""Tests an oven: `python test_oven.py good` says "ok", and "broken" for the others of oven.py."""

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
    switch_off = bake(clock, BAKES_S, lambda: rung.append(clock.seconds()))
    switch_off()
    clock.advance(BAKES_S)
    assert rung == [BAKES_S], "switched off"


try:
    test(OVENS[sys.argv[1]])
except AssertionError:
    sys.exit("broken")
print("ok")
