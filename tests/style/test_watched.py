"""Recorders put functions around methods of the library, private ones too. Who renames one is to hear of it here."""

from __future__ import annotations

from reactor.sim import World
from reactor.trace import Recorder


def test_every_method_that_a_recorder_watches_is_there() -> None:
    with World() as world, Recorder(world):
        pass
    with Recorder():
        pass
