"""A pytest plugin that makes each session a test, those of wrong programs too: `pytest --lecture-examples=examples`, or
in the configuration

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
    if file_path.name not in ("session.txt", "right.txt"):
        return None
    from lecture.programs.layout import name_of, session_path

    # Any of them may be a link, and pytest may have been given the one name or the other.
    name = name_of(file_path)
    for folder in _folders(parent.config):
        if file_path.resolve() == session_path(folder, name).resolve():
            return SessionFile.from_parent(parent, path=file_path, folder=folder, example=name)
    return None


def _folders(config: pytest.Config) -> list[Path]:
    asked: list[str] = config.getoption("--lecture-examples")
    # The option is meant from where it was typed, the setting from where its file is.
    typed = [config.invocation_params.dir / folder for folder in asked]
    return [*typed, *map(Path, config.getini("lecture_examples"))]


class SessionFile(pytest.File):
    """The file of a session. folder: of the examples. example: the session's name there."""

    def __init__(self, *, folder: Path, example: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.folder, self.example = folder, example

    def collect(self) -> Iterable[pytest.Item]:
        yield SessionTest.from_parent(self, name=self.example, folder=self.folder)


class SessionTest(pytest.Item):
    """Passes when the programs do what the session says. folder: of the examples."""

    def __init__(self, *, folder: Path, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.folder = folder

    def runtest(self) -> None:
        from lecture.programs import Examples

        missing = Examples(self.folder).verify(self.name).missing
        if missing:
            pytest.skip(f"this machine lacks {missing}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from lecture.errors import LectureError

        return str(excinfo.value) if isinstance(excinfo.value, LectureError) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"session {self.name}"
