"""An exercise as it lies in its folder; the package's docstring shows one.

`task.md` is Markdown. Its heading is the title, what follows is the task; a list below `## Rules` gives each rule with
its id, a list below `## Hints` the hints, the gentlest first.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.exercises.checks import Check, read_checks

TASK, CHECK, SOLUTION, WRONG = "task.md", "check.py", "solution", "wrong"
FINGERPRINTS = "fingerprints.json"  # in the folder of the wrong ones
HOW_TO_WRITE_THEM = "`lecture exercises check --write` writes it"
_RULE = re.compile(r"- \*{0,2}([A-Za-z][\w-]*)\*{0,2}:? +(.+)")
_HINT = re.compile(r"\d+\. +(.+)")
_BELIEF = re.compile(r'"""(.+?)"""|# *(.+)')


@dataclass(frozen=True)
class Exercise:
    """An exercise. folder: where it lies; its name begins with its number."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @cached_property
    def sections(self) -> dict[str, list[str]]:
        """The lines of the task by the heading above them; "" for those below the title. Raises LectureError."""
        path = self.folder / TASK
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as problem:
            raise LectureError(f"the task can't be read: {problem}", where=Where(path, 1)) from problem
        if not lines or not lines[0].startswith("# "):
            raise LectureError("a task begins with its title: `# Two in one`", where=Where(path, 1))
        found: dict[str, list[str]] = {"": []}
        heading = ""
        for line in lines[1:]:
            if line.startswith("## "):
                heading = line[3:].strip()
                found[heading] = []
            else:
                found[heading].append(line)
        return found

    @cached_property
    def title(self) -> str:
        """The heading of the task."""
        return (self.folder / TASK).read_text(encoding="utf-8").splitlines()[0][2:].strip()

    @property
    def text(self) -> str:
        """What is to be done."""
        return "\n".join(self.sections[""]).strip()

    @property
    def rules(self) -> dict[str, str]:
        """The rules by their ids, in order."""
        return {match[1]: match[2] for match in map(_RULE.match, _items(self.sections.get("Rules", []))) if match}

    @property
    def hints(self) -> list[str]:
        """The hints, the gentlest first."""
        return [match[1] for match in map(_HINT.match, _items(self.sections.get("Hints", []))) if match]

    @cached_property
    def checks(self) -> list[Check]:
        """What a program is held to. Raises LectureError."""
        return read_checks(self.folder / CHECK)

    @property
    def has_hidden_seeds(self) -> bool:
        """Whether a check tries seeds that nobody has seen. Raises LectureError."""
        return any("hidden" in check.kinds for check in self.checks)

    @property
    def file(self) -> str:
        """The name of the program that the student edits: the one which has a solution. Raises LectureError."""
        solved = sorted(path.name for path in (self.folder / SOLUTION).glob("*.py"))
        if len(solved) != 1 or not (self.folder / solved[0]).is_file():
            where = Where(self.folder / TASK, 1)
            raise LectureError(f"one program has to be in the folder and in {SOLUTION}/, as server.py", where=where)
        return solved[0]

    @property
    def given(self) -> list[Path]:
        """The other programs of the task, which the student's imports and doesn't change."""
        return [path for path in sorted(self.folder.glob("*.py")) if path.name not in (CHECK, self.file)]

    @property
    def wrong(self) -> dict[str, Path]:
        """Wrong solutions by name: their files."""
        return {path.parent.name: path for path in sorted((self.folder / WRONG).glob(f"*/{self.file}"))}

    def belief(self, wrong: str) -> str:
        """What somebody who writes this wrong solution believes: its first line."""
        path = self.wrong[wrong]
        match = _BELIEF.match(path.read_text(encoding="utf-8"))
        if match is None:
            raise LectureError("the first line of a wrong solution says what its author believes", where=Where(path, 1))
        return (match[1] or match[2]).strip()

    @property
    def fingerprints(self) -> dict[str, dict[str, str]]:
        """How each wrong solution fails, as `lecture exercises check --write` noted it, by name; {} if it didn't."""
        path = self.folder / WRONG / FINGERPRINTS
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError as problem:
            raise LectureError(f"this is no JSON: {problem}; {HOW_TO_WRITE_THEM}", where=Where(path, 1)) from problem
        return {name: print_ for name, print_ in found.items() if name in self.wrong}


def find_exercises(folder: Path) -> list[Exercise]:
    """The exercises in a folder, in order."""
    return [Exercise(path.parent) for path in sorted(folder.glob(f"*/{TASK}"))]


def exercises_near(start: Path) -> list[Exercise]:
    """Those in the nearest folder `exercises` that has any, in `start` or above it. Raises LectureError."""
    for place in (start.resolve(), *start.resolve().parents):
        if found := find_exercises(place / "exercises"):
            return found
    raise LectureError(f"there are no exercises near {start}: each is a folder with a {TASK}, in a folder `exercises`")


def _items(lines: list[str]) -> list[str]:
    """The items of a list, each on one line, however it was wrapped."""
    items: list[str] = []
    for line in lines:
        if line.startswith((" ", "\t")) and items:
            items[-1] += " " + line.strip()
        elif line.strip():
            items.append(line)
    return items
