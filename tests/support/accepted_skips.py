"""Under CI a skipped test fails, unless tests/skips.txt lists it with its reason.

A skip is easily overlooked: a tool that is missing on the build machine silently takes its tests away. So with CI set
(every CI service sets it, and .ci/run does) a skip becomes a failure that says what to do. An entry of the list whose
tests all ran is mentioned at the end, there too, so that the list shrinks again.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

SKIPS = Path(__file__).parents[1] / "skips.txt"


class AcceptedSkips:
    """The list of skips that CI accepts, and which of its entries had tests to accept and tests that ran."""

    def __init__(self, text: str) -> None:
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        self.patterns = [self._pattern(line) for line in lines]
        self.used: set[str] = set()
        self.idle: set[str] = set()

    @staticmethod
    def _pattern(line: str) -> str:
        pattern, hash_sign, reason = line.partition(" # ")
        if not hash_sign or not reason.strip():
            raise pytest.UsageError(f"skips.txt: {line!r} gives no reason; write: PATTERN # reason")
        return pattern.strip()

    def _matching(self, nodeid: str) -> set[str]:
        # In an id, [ and ] are the marks of a parameter, not a set of characters.
        return {each for each in self.patterns if fnmatchcase(nodeid, each.replace("[", "[[]"))}

    def accepts(self, nodeid: str) -> bool:
        """Whether this skip is on the list."""
        matching = self._matching(nodeid)
        self.used |= matching
        return bool(matching)

    def ran(self, nodeid: str) -> None:
        """Note a test that was not skipped."""
        self.idle |= self._matching(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what became of a test. Where several processes run them, the one that reports is told of all."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self.accepts(report.nodeid)
        elif report.when == "call" and report.passed:
            self.ran(report.nodeid)

    def superfluous(self) -> list[str]:
        """Entries with tests in this run, none of which was skipped."""
        return sorted(self.idle - self.used)


accepted_skips = pytest.StashKey[AcceptedSkips]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[accepted_skips] = accepted = AcceptedSkips(SKIPS.read_text(encoding="utf-8"))
    config.pluginmanager.register(accepted)


def refuse_unlisted_skip(report: pytest.TestReport | pytest.CollectReport, accepted: AcceptedSkips) -> None:
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    if accepted.accepts(report.nodeid) or not os.environ.get("CI"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid} was skipped under CI: {reason}\nMake it run, or list it in tests/skips.txt."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    refuse_unlisted_skip(report, item.config.stash[accepted_skips])
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    refuse_unlisted_skip(report, collector.config.stash[accepted_skips])
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for pattern in config.stash[accepted_skips].superfluous() if os.environ.get("CI") else ():
        terminalreporter.write_line(f"tests/skips.txt lists {pattern}, which was not skipped: remove the line?")
