"""Timelines that are too long for people: what stays, and that it is still true."""

from __future__ import annotations

from collections import Counter

import pytest

from lecture.programs.simulation.running import run_files
from reactor.trace.abridging import abridged, only, without_ends
from tests.support.traces import EXAMPLES

PLAN = "$ python server.py &\n$ python client.py\n"


@pytest.fixture(scope="module")
def echo():
    """The recorded echo, with its lines."""
    files = {name: (EXAMPLES / "03_echo" / name).read_text("utf-8") for name in ("server.py", "client.py")}
    return run_files(files, PLAN).timeline


def without_packets(values):
    return {name: value for name, value in values.items() if not name.startswith("k")}


def test_a_short_timeline_is_left_as_it_is(echo):
    assert abridged(echo, len(echo.steps)) is echo


def test_of_a_long_one_the_packets_go_first(echo):
    short = abridged(echo, 110)
    kinds = Counter(step["kind"] for step in short.steps)
    assert not any(kind.startswith("packet") for kind in kinds) and not kinds["skipped"]
    assert kinds["line"] == sum(step["kind"] == "line" for step in echo.steps)
    assert not any(name.startswith("k") for name in short.things)


def test_then_the_middle_goes_and_the_end_and_what_was_printed_stay(echo):
    short = abridged(echo, 20)
    assert 20 <= len(short.steps) <= 30
    (skipped,) = (step for step in short.steps if step["kind"] == "skipped")
    assert skipped["text"].endswith("steps are left out here: it goes on like this")
    printed = [[step["data"] for step in one.steps if step["kind"] == "output"] for one in (echo, short)]
    assert printed[0] == printed[1]
    assert short.steps[-1]["time"] == echo.steps[-1]["time"]


@pytest.mark.parametrize("most", [3, 20, 60, 110])
def test_what_is_left_is_a_timeline_and_ends_in_the_same_state(echo, most):
    short = without_ends(abridged(echo, most))
    short.check()
    assert short.at(len(short.steps)).values == without_packets(echo.at(len(echo.steps)).values)


def test_the_state_at_a_step_that_stays_is_what_it_was(echo):
    lines = only(echo, lambda step: step["kind"] == "line")
    places = [number for number, step in enumerate(echo.steps) if step["kind"] == "line"]
    for here, there in enumerate(places, 1):
        assert lines.at(here).values == echo.at(there + 1).values


def test_a_cause_that_was_left_out_is_replaced_by_the_one_before_it(echo):
    short = only(echo, lambda step: step["kind"] in ("data.written", "data.received", "output"))
    received = next(step for step in short.steps if step["kind"] == "data.received")
    (cause,) = received["because"]
    assert short.steps[cause]["kind"] == "data.written" and short.steps[cause]["data"] == received["data"]
