"""The promise of the design: one echo round trip can be followed through few functions in few files."""

import importlib.util
from pathlib import Path

import pytest

from tests.support import loops

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "reading_cost.py"


@pytest.mark.own_promise("30 functions in 9 files")
@pytest.mark.parametrize("make_reactor", loops.here(without=loops.FOREIGN), indirect=True)
def test_an_echo_round_trip_is_at_most_12_functions_in_4_files(reactor):
    spec = importlib.util.spec_from_file_location("reading_cost", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    found = script.functions_of_a_round_trip(reactor)
    names = [f"{file}: {name}" for file, functions in found.items() for name in functions]
    assert any("dataReceived" not in name for name in names), "nothing was counted"
    assert len(names) <= 12, names
    assert len(found) <= 4, list(found)
