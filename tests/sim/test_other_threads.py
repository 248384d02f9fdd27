"""Threads that belong to no simulated program, such as those of a notebook's kernel, live in the machine's time."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from reactor.sim import SimulationError
from reactor.sim.interpreter import clock_and_dice


def test_they_keep_the_machines_clock_and_may_sleep():
    own = {name: replaced for _, name, replaced in clock_and_dice(lambda: 5.0, 0.0, random.Random(0))}
    assert own["monotonic"]() == own["time"]() == 5.0
    with ThreadPoolExecutor(1) as others:
        assert others.submit(own["time"]).result() > 1e9
        assert others.submit(own["sleep"], 0).result() is None
    with pytest.raises(SimulationError, match="would freeze the loop"):
        own["sleep"](0)
