"""A pytest plugin that makes each session.txt a test: `pytest --lecture-examples=examples`, or in the configuration

    [pytest]
    lecture_examples = examples

Without either it does nothing and imports nothing, so that a project pays nothing for having it installed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lecture")
    group.addoption(
        "--lecture-examples", action="append", default=[], metavar="DIR", help="make each session in DIR/*/ a test"
    )
    parser.addini("lecture_examples", "folders whose sessions are tests", type="paths", default=[])


def pytest_configure(config: pytest.Config) -> None:
    for folder in _folders(config):
        if not folder.is_dir():
            raise pytest.UsageError(f"lecture: there is no folder of examples at {folder}")
        if config.args_source != pytest.Config.ArgsSource.ARGS or config.getoption("--lecture-examples"):
            config.args.append(str(folder))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name != "session.txt":
        return None
    # Any of them may be a link, and pytest may have been given the one name or the other.
    if file_path.parent.parent.resolve() in [folder.resolve() for folder in _folders(parent.config)]:
        return SessionFile.from_parent(parent, path=file_path)
    return None


def _folders(config: pytest.Config) -> list[Path]:
    asked: list[str] = config.getoption("--lecture-examples")
    # The option is meant from where it was typed, the setting from where its file is.
    typed = [config.invocation_params.dir / folder for folder in asked]
    return [*typed, *map(Path, config.getini("lecture_examples"))]


class SessionFile(pytest.File):
    """A session.txt."""

    def collect(self) -> Iterable[pytest.Item]:
        yield SessionTest.from_parent(self, name=self.path.parent.name)


class SessionTest(pytest.Item):
    """Passes when the programs do what the session says."""

    def runtest(self) -> None:
        from lecture.programs import Examples

        missing = Examples(self.path.parent.parent).verify(self.name).missing
        if missing:
            pytest.skip(f"this machine lacks {missing}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from lecture.errors import LectureError

        return str(excinfo.value) if isinstance(excinfo.value, LectureError) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"session {self.name}"
