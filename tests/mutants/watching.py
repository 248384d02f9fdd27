"""A plugin of pytest's: notes in the folder $MUTANTS_MAP which lines of `reactor` each test ran, and how long it took.

`-p tests.mutants.watching` loads it before anything imports the reactor. It tries one loop and the simulated one; tests
about others try the first of those. A test that doesn't pass is no help, and is left out.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path

import coverage
import pytest

LOOPS = ("epoll", "simulated")
_FOLDER = Path(os.environ["MUTANTS_MAP"])

_coverage = coverage.Coverage(data_file=_FOLDER / "lines", source_pkgs=["reactor"], config_file=False)
_coverage.start()  # now: the tests' modules import what they test
_durations: dict[str, float] = defaultdict(float)
_failed: set[str] = set()


def pytest_collection_modifyitems(items):
    """Keep the tests on those loops; of one that doesn't run there, the first that it does run on."""
    kept = {_of(item) for item in items if _loop(item) in LOOPS}
    others = {_of(item): _loop(item) for item in reversed(items)}
    items[:] = [item for item in items if _loop(item) in (LOOPS if _of(item) in kept else [others[_of(item)]])]


def _of(item):
    return item.path, getattr(item, "originalname", item.name)


def _loop(item):
    parameters = getattr(item, "callspec", None)
    return LOOPS[0] if parameters is None else parameters.params.get("make_reactor", LOOPS[0])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    _coverage.switch_context(item.nodeid)
    try:
        return (yield)
    finally:
        _coverage.switch_context("")


def pytest_runtest_logreport(report):
    _durations[report.nodeid] += report.duration
    if report.outcome != "passed":
        _failed.add(report.nodeid)


def pytest_unconfigure():
    _coverage.stop()
    _coverage.save()
    passed = {name: duration for name, duration in _durations.items() if name not in _failed}
    (_FOLDER / "tests.json").write_text(json.dumps(passed), encoding="utf-8")
