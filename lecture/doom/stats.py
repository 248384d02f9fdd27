"""The figures on the slide "Project Stats", counted and not typed.

A figure that this module can't find out is None, and a fact that rests on None is left out: an installed package has no
git history and no tests, and a shallow clone has only the end of its history. A few regular expressions read the
source, not Python's parser, because the build should not take longer for bragging; the tests compare the results with
what the parser finds.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import Path

import reactor

DISTRIBUTION = "tutorial-of-doom"

_IMPORT = re.compile(r"^[ ]*(?:from[ ]+(\w+)[\w.]*[ ]+import\b|import[ ]+(\w+))", re.MULTILINE)
_SOURCE = re.compile(r"\]\((\.\./reactor/[^)]+\.py)\)")
_TEST = re.compile(r"^(?: {4})?(?:async )?def test_\w+\(", re.MULTILINE)
_COMMAND = re.compile(r"^\$ python ", re.MULTILINE)


@dataclass(frozen=True)
class Size:
    """How much Python there is in a package."""

    files: int
    lines: int

    def __str__(self) -> str:
        return f"{self.files} files, {self.lines:,} lines"


@dataclass(frozen=True)
class History:
    """What git knows: the number of commits, and the day of the first one."""

    commits: int
    began: date


@dataclass(frozen=True)
class Stats:
    """All the figures. None stands for a figure that can't be found out where this runs.

    core: what docs/READING.md lists for the first evening; dependencies: the packages that it imports.
    """

    version: str
    licence: str | None
    python: str | None
    core: Size | None
    dependencies: int | None
    reactor: Size
    lecture: Size
    programs: int | None
    tests: int | None
    history: History | None

    def facts(self) -> list[str]:
        """A bullet's text for each fact whose figures are known."""
        needs = f"{self.dependencies} other packages" if self.dependencies else "the standard library alone"
        python = f"Python {self.python.replace('>=', '')} or newer, and " if self.python else ""
        licence = f", {self.licence} licence" if self.licence else ""
        return [
            f"Version {self.version}{licence}",
            *_known(self.core, f"Its core, to read in an evening: {{}}; needs {python}{needs}"),
            f"All of the reactor: {self.reactor}; the lecture about it: {self.lecture}",
            *_known(self.programs, "Programs run by this build: {}"),
            *_known(self.tests, "Tests: {:,}"),
            *_known(self.history, "Commits: {0.commits:,}, the first on {0.began.day} {0.began:%B %Y}"),
        ]


def collect(root: Path | None = None) -> Stats:
    """Count everything.

    root: the repository; by default the one that this file is in, if it is in one.
    """
    root = root or _repository()
    version, licence, python = _metadata(root)
    evening = _first_evening(root) if root else None
    return Stats(
        version=version,
        licence=licence,
        python=python,
        core=None if evening is None else _size(evening),
        dependencies=None if evening is None else len(_outside_packages(evening, reactor.__name__)),
        reactor=_size(Path(reactor.__file__).parent.rglob("*.py")),
        lecture=_size(Path(__file__).parents[1].rglob("*.py")),
        programs=_occurrences(_COMMAND, (root / "examples").glob("*/session.txt")) if root else None,
        tests=_occurrences(_TEST, (root / "tests").rglob("test_*.py")) if root else None,
        history=_history(root) if root else None,
    )


def _repository() -> Path | None:
    root = Path(__file__).parents[2]
    return root if (root / "pyproject.toml").is_file() and (root / "examples").is_dir() else None


def _metadata(root: Path | None) -> tuple[str, str | None, str | None]:
    if root:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return project["version"], project.get("license"), project.get("requires-python")
    installed = metadata.metadata(DISTRIBUTION).json
    licence, python = (installed.get(key) for key in ("license_expression", "requires_python"))
    return metadata.version(DISTRIBUTION), str(licence) if licence else None, str(python) if python else None


def _first_evening(root: Path) -> list[Path]:
    """The files that the reading map gives the first evening."""
    reading = root / "docs" / "READING.md"
    first = reading.read_text(encoding="utf-8").partition("\n## Evening 1")[2].partition("\n## ")[0]
    return [reading.parent / link for link in _SOURCE.findall(first)]


def _size(paths: Iterable[Path]) -> Size:
    texts = list(_texts(paths))
    return Size(files=len(texts), lines=sum(text.count("\n") for text in texts))


def _outside_packages(paths: Iterable[Path], own: str) -> set[str]:
    imported = {a or b for text in _texts(paths) for a, b in _IMPORT.findall(text)}
    return imported - sys.stdlib_module_names - {own}


def _occurrences(pattern: re.Pattern[str], paths: Iterable[Path]) -> int:
    return sum(len(pattern.findall(text)) for text in _texts(paths))


def _texts(paths: Iterable[Path]) -> Iterator[str]:
    return (path.read_text(encoding="utf-8") for path in paths)


def _history(root: Path) -> History | None:
    git = root / ".git"
    if not git.exists() or (git / "shallow").exists():
        return None
    try:
        log = subprocess.run(
            ["git", "-C", str(root), "log", "--format=%as"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    days = log.stdout.split()
    return History(len(days), date.fromisoformat(days[-1])) if days else None


def _known(figure: object, sentence: str) -> list[str]:
    return [] if figure is None else [sentence.format(figure)]
