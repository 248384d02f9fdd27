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
MOST_ROOMS = 4  # that one line of the slide has room for

_REACTOR = Path(reactor.__file__).parent
_ENGINE = _REACTOR / "core"
_POLLERS = ("epoll", "kqueue", "poll", "select")

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
    """What git knows: the number of commits and of people who made them, and the day of the first one."""

    commits: int
    people: int
    began: date

    def __str__(self) -> str:
        authors = "1 author" if self.people == 1 else f"{self.people} authors"
        return f"{self.commits:,} by {authors}, the first on {self.began.day} {self.began:%B %Y}"


@dataclass(frozen=True)
class Stats:
    """All the figures. None stands for a figure that can't be found out where this runs.

    core: what docs/READING.md lists for the first evening; dependencies: the packages that it imports.
    rooms: the largest packages of the library but the engine, each by itself. pollers: what the engine can wait with.
    """

    version: str
    licence: str | None
    python: str | None
    core: Size | None
    dependencies: int | None
    reactor: Size
    rooms: dict[str, Size]
    pollers: tuple[str, ...]
    lecture: Size
    programs: int | None
    tests: int | None
    history: History | None

    def facts(self) -> list[str]:
        """A bullet's text for each fact whose figures are known."""
        needs = f"{self.dependencies} other packages" if self.dependencies else "the standard library alone"
        licence = f", {self.licence} licence" if self.licence else ""
        python = f"Python {self.python.replace('>=', '')} or newer" if self.python else "Python"
        rooms = ", ".join(f"{name} {size.lines:,}" for name, size in self.rooms.items())
        tried = [*_known(self.programs, "programs run by this build: {}"), *_known(self.tests, "tests: {:,}")]
        return [
            f"Version {self.version}{licence}; {python}, wherever there is {_any_of(self.pollers)}",
            *_known(self.core, f"Its core, to read in an evening: {{}}; needs {needs}"),
            f"Beside it {rooms} … {self.reactor.lines:,} lines in all; the lecture about it {self.lecture.lines:,}",
            *([", ".join(tried).capitalize()] if tried else []),
            *_known(self.history, "Commits: {}"),
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
        reactor=_size(_REACTOR.rglob("*.py")),
        rooms=_rooms(),
        pollers=tuple(sorted(path.stem for path in (_ENGINE / "pollers").glob("*.py") if path.stem in _POLLERS)),
        lecture=_size(Path(__file__).parents[1].rglob("*.py")),
        programs=_occurrences(_COMMAND, (root / "examples").glob("*/session.txt")) if root else None,
        tests=_occurrences(_TEST, (root / "tests").rglob("test_*.py")) if root else None,
        history=_history(root) if root else None,
    )


def _rooms() -> dict[str, Size]:
    """The largest packages beside the engine."""
    folders = [folder for folder in _REACTOR.iterdir() if folder != _ENGINE and (folder / "__init__.py").is_file()]
    sizes = {folder.name: _size(folder.rglob("*.py")) for folder in folders}
    largest = sorted(sizes, key=lambda name: (-sizes[name].lines, name))[:MOST_ROOMS]
    return {name: sizes[name] for name in largest}


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
            ["git", "-C", str(root), "log", "--format=%as %ae"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    commits = [line.split(" ", 1) for line in log.stdout.splitlines()]
    people = len({address for _, address in commits})
    return History(len(commits), people, date.fromisoformat(commits[-1][0])) if commits else None


def _any_of(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _known(figure: object, sentence: str) -> list[str]:
    return [] if figure is None else [sentence.format(figure)]
