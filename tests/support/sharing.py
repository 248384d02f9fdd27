"""Which of several processes runs which tests, and what they begin with: `--dist loadfile`, as tools/test asks.

A plugin of pytest's. A file stays in one process, so that what a module's fixtures set up is set up once. So do the
packages in TOGETHER: otherwise each of their files would start its own browsers, and write the lecture anew for them.

Left alone, xdist begins with the files that have most tests, and ends with those that have two, of a minute each; then
one core works and the others look on. So the units in FIRST begin. `make test` says which ten files are the dearest.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

TOGETHER = ("tests/browser/play/", "tests/browser/reading/", "tests/browser/")
FIRST = (
    "tests/browser/",
    "tests/browser/reading/",
    "tests/lecture/outputs/test_equal_builds.py",
    "tests/lecture/exercises/test_in_pyodide.py",
    "tests/browser/play/",
    "tests/faults/test_faults.py",
    "tests/benchmarks/test_benchmarks.py",
    "tests/names/test_faults.py",
    "tests/lecture/outputs/notebooks/test_topics.py",
    "tests/modules/test_user_programs.py",
    "tests/news/test_feeds_bad_weather.py",
    "tests/sim/test_determinism.py",
    "tests/lecture/programs/test_in_pyodide.py",
)


def unit_of(nodeid: str) -> str:
    """What stays in one process with this test: a package, or its file."""
    return next((package for package in TOGETHER if nodeid.startswith(package)), nodeid.partition("::")[0])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In one of several processes: put the units in order. All processes come to the same one."""
    if not hasattr(config, "workerinput"):
        return
    sizes = Counter(unit_of(item.nodeid) for item in items)

    def place(item: pytest.Item) -> tuple[int, int, str]:
        unit = unit_of(item.nodeid)
        return FIRST.index(unit) if unit in FIRST else len(FIRST), -sizes[unit], unit

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    """Hand the units out in that order."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler.loadfile import LoadFileScheduling

    class ByUnit(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

    config.option.loadscopereorder = False
    return ByUnit(config, log)
