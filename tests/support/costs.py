"""`--costs N`: the end of a run says how long it took, and which N files cost most CPU.

A plugin of pytest's. CPU is that of the process that ran the file and of every program that its tests started, ended or
not. A file whose seconds are many more than its CPU waits: for what, is worth a look. What a fixture of the session
costs counts for the file whose test asked for it first.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

_PROC = Path("/proc")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def _living_children(pid: int) -> Iterator[int]:
    """The processes that a process started, and theirs, as Linux tells; nowhere else any."""
    for children in (_PROC / str(pid) / "task").glob("*/children"):
        try:
            started = children.read_text().split()
        except OSError:  # that thread, or that process, has just ended
            continue
        for each in started:
            yield int(each)
            yield from _living_children(int(each))


def _cpu_s_of(pid: int) -> float:
    """CPU of a process, and of those of its children that it waited for; 0 if it has ended."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(each) for each in fields[11:15]) / _TICKS_PER_S  # utime stime cutime cstime, of proc(5)


def cpu_s() -> float:
    """CPU that this process has used, and all that it started."""
    return sum(os.times()[:4]) + sum(_cpu_s_of(each) for each in _living_children(os.getpid()))


class Costs:
    """What each file cost: tests, seconds of CPU, seconds on the clock."""

    def __init__(self) -> None:
        self.began_s = time.perf_counter()
        self.files: dict[str, list[float]] = {}
        self._running = ""
        self._before = (0.0, 0.0)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Look at the clocks where a file begins and where it ends: what its fixtures cost is in between."""
        name = item.nodeid.partition("::")[0]
        if name != self._running:
            self._running, self._before = name, (cpu_s(), time.perf_counter())
        result = yield
        self.add(name, [1, 0.0, 0.0])
        if nextitem is None or nextitem.nodeid.partition("::")[0] != name:
            spent_s = max(0.0, cpu_s() - self._before[0])  # of a program that was killed it is forgotten
            self.add(name, [0, spent_s, time.perf_counter() - self._before[1]])
            self._running = ""
        return result

    def add(self, name: str, cost: list[float]) -> None:
        """Count a cost for a file."""
        self.files[name] = [old + new for old, new in zip(self.files.get(name, [0, 0.0, 0.0]), cost, strict=True)]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """In one of several processes: hand on what it counted."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["costs"] = self.files

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Where the reports come together: add what one of several processes counted."""
        for name, cost in getattr(node, "workeroutput", {}).get("costs", {}).items():
            self.add(name, cost)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """The table."""
        tests, cpu, _ = (sum(column) for column in zip(*self.files.values(), strict=True)) if self.files else (0, 0, 0)
        took_s = time.perf_counter() - self.began_s
        terminalreporter.section("costs")
        terminalreporter.write_line(f"{tests} tests took {took_s:.0f} s, and {cpu:.0f} s of CPU. The dearest files:")
        terminalreporter.write_line("   CPU s      s  tests")
        by_cpu = sorted(self.files.items(), key=lambda each: -each[1][1])
        for name, (tests, cpu, seconds) in by_cpu[: config.getoption("--costs")]:
            terminalreporter.write_line(f"{cpu:8.1f}{seconds:7.1f}{tests:7}  {name}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--costs", type=int, metavar="N", help="say at the end which N files cost most CPU")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--costs"):
        config.pluginmanager.register(Costs())
