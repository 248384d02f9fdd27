"""A student's own folder: copies of the tasks, and a note of what was solved.

exercises/
    08_two_in_one/task.md  server.py     a copy, which the student edits
    .progress.json                       what was solved, which hints were shown
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from lecture.errors import LectureError
from lecture.exercises.folder import TASK, Exercise
from lecture.programs.cache import write_atomically

_PROGRESS = ".progress.json"


class Workbook:
    """A student's folder. folder: where it is, or is made by `begin`. exercises: in their order."""

    def __init__(self, folder: Path, exercises: Sequence[Exercise]) -> None:
        self.folder = folder
        self.exercises = list(exercises)
        self._progress = self._read()

    def _read(self) -> dict[str, dict[str, int | bool]]:
        try:
            found = json.loads((self.folder / _PROGRESS).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as problem:
            where = self.folder / _PROGRESS
            raise LectureError(
                f"what was solved can't be read from {where}: {problem}; remove it to begin anew"
            ) from problem
        return found if isinstance(found, dict) else {}

    def begin(self) -> list[str]:
        """Copy what isn't there yet. Returns the names of what was copied. A file that is there is never touched."""
        copied = [one.name for one in self.exercises if not (self.folder / one.name).exists()]
        for exercise in self.exercises:
            if exercise.name in copied:
                self.reset(exercise)
        return copied

    def reset(self, exercise: Exercise) -> None:
        """Put the files of a task back as they were; what the student wrote is kept beside, as server.py.before."""
        target = self.folder / exercise.name
        target.mkdir(parents=True, exist_ok=True)
        own = target / exercise.file
        if own.is_file():
            own.replace(own.with_name(f"{own.name}.before"))
        for path in exercise.folder.glob("*.py"):
            if path.name != "check.py":
                shutil.copy(path, target / path.name)
        shutil.copy(exercise.folder / TASK, target / TASK)

    def file(self, exercise: Exercise) -> Path:
        """The program that the student edits."""
        return self.folder / exercise.name / exercise.file

    def find(self, name: str) -> Exercise:
        """The exercise of this name, number, or part of a name. Raises LectureError if there is none, or several."""
        exact = [one for one in self.exercises if name in (one.name, one.name.partition("_")[0].lstrip("0"))]
        found = exact or [one for one in self.exercises if name in one.name]
        if len(found) != 1:
            names = ", ".join(one.name for one in found or self.exercises)
            raise LectureError(f"{'no exercise is' if not found else 'several exercises are'} called {name!r}: {names}")
        return found[0]

    # --- progress

    def is_solved(self, exercise: Exercise) -> bool:
        """Whether it passed once."""
        return bool(self._progress.get(exercise.name, {}).get("solved"))

    def solved(self, exercise: Exercise) -> None:
        """It has passed."""
        self._note(exercise, solved=True)

    def next_hint(self, exercise: Exercise) -> str | None:
        """The next hint, the gentlest first; None when all were shown."""
        shown = int(self._progress.get(exercise.name, {}).get("hints", 0))
        if shown >= len(exercise.hints):
            return None
        self._note(exercise, hints=shown + 1)
        return exercise.hints[shown]

    def current(self) -> Exercise | None:
        """The first that isn't solved; None when all are."""
        return next((one for one in self.exercises if not self.is_solved(one)), None)

    def _note(self, exercise: Exercise, **what: int | bool) -> None:
        self._progress.setdefault(exercise.name, {}).update(what)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self.folder / _PROGRESS, json.dumps(self._progress, indent=1).encode())
