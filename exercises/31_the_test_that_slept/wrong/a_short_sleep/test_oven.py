"""A test of time takes time: make it short."""

import sys

from oven import OVENS

from reactor import reactor
from reactor.task import deferLater, react

BAKES_S = 2


async def test(bake):
    """Raises AssertionError for an oven that is broken. bake: see oven.py."""
    rung = []
    bake(reactor, BAKES_S, lambda: rung.append(reactor.seconds()))
    await deferLater(reactor, BAKES_S - 0.1)
    assert not rung, "too early"
    await deferLater(reactor, 0.2)
    assert len(rung) == 1, "not in time"
    await deferLater(reactor, 2 * BAKES_S)
    assert len(rung) == 1, "again"
    bake(reactor, BAKES_S, lambda: rung.append(reactor.seconds()))()
    await deferLater(reactor, 2 * BAKES_S)
    assert len(rung) == 1, "switched off"


async def main(reactor):
    try:
        await test(OVENS[sys.argv[1]])
    except AssertionError:
        sys.exit("broken")
    print("ok")


react(main)
