"""Tests an oven: `python test_oven.py good` says "ok", and "broken" for the others of oven.py."""

import sys

from oven import OVENS

from reactor import reactor
from reactor.task import deferLater, react

BAKES_S = 3600


async def test(bake):
    """Raises AssertionError for an oven that is broken. bake: see oven.py."""
    rung = []
    bake(reactor, BAKES_S, lambda: rung.append(reactor.seconds()))
    await deferLater(reactor, BAKES_S + 1)  # TODO: an hour, at each change of a line
    assert rung


async def main(reactor):
    try:
        await test(OVENS[sys.argv[1]])
    except AssertionError:
        sys.exit("broken")
    print("ok")


react(main)
