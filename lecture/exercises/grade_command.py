"""The command `lecture exercises grade`: the programs of a class, and reports of what became of them."""

from __future__ import annotations

import importlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TextIO

import click

from lecture.errors import LectureError
from lecture.exercises import reports
from lecture.exercises.classes import ERROR, FAILED, MISSING, PASSED, Result, grade_class
from lecture.exercises.folder import Exercise
from lecture.exercises.grading import RUNS
from lecture.exercises.schedules import Dice
from lecture.exercises.workbook import Workbook

_MARKS = {PASSED: "✓", FAILED: "✗", MISSING: "·", ERROR: "!"}


def grade_folders(
    book: Workbook, folders: tuple[Path, ...], only: tuple[str, ...], executor: str, dice: Dice, files: dict[str, Path]
) -> int:
    """Grade, tell, and write reports. Returns the exit status: 1 if a submission couldn't be graded.

    only: names of exercises; none means all. executor: see `find_executor`. files: where each report goes, by kind.
    """
    exercises = [book.find(name) for name in only] or book.exercises
    students = _students(folders, exercises)
    for path in files.values():
        if not path.absolute().parent.is_dir():
            raise LectureError(f"cannot write a report to {path}: there is no folder {path.parent}")
    with find_executor(executor) as workers, _bar(len(students) * len(exercises)) as advance:

        def told(result: Result) -> None:
            _tell(result)
            advance()

        results = grade_class(students, exercises, workers, dice, told)
    counts = Counter(one.outcome for one in results)
    click.echo(", ".join(f"{counts[outcome]} {outcome}" for outcome in _MARKS) + f"; hidden seeds from {dice.first}")
    for kind, path in files.items():
        text = reports.as_json(results, dice) if kind == "json" else _REPORTS[kind](results)
        reports.write(path, text)
    return 1 if counts[ERROR] else 0


_REPORTS = {"csv": reports.as_csv, "junit": reports.as_junit}


def _students(folders: tuple[Path, ...], exercises: list[Exercise]) -> dict[str, Path]:
    """The folders by the students' names, which are theirs. Says in which there is nothing; LectureError if in none."""
    names = Counter(folder.resolve().name for folder in folders)
    students = {}
    empty = [folder for folder in folders if not any((folder / exercise.name).is_dir() for exercise in exercises)]
    for folder in empty:
        example = exercises[0]
        said = (
            f"there is nothing to grade in {folder}: a submission is a workbook, "
            f"with folders such as {example.name}/{example.file} in it"
        )
        if len(empty) == len(folders):
            raise LectureError(said)
        click.echo(said, err=True)
    for folder in folders:
        name = folder.resolve().name
        students[name if names[name] == 1 else str(folder)] = folder
    return students


@contextmanager
def _bar(count: int, err: TextIO | None = None) -> Iterator[Callable[[], object]]:
    """A bar that shows how many results there are, below their lines; elsewhere than in a terminal the lines say it.

    Gives a function to call for each result.
    """
    err = err or sys.stderr
    if not err.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("graded"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=err), transient=True) as bar:
        task = bar.add_task("", total=count)
        yield lambda: bar.advance(task)


def _tell(result: Result) -> None:
    said = f"{_MARKS[result.outcome]} {result.student:20} {result.exercise:32}"
    if result.failure:
        said += f" {result.failure.rule}: {result.failure.what}" + (f" ({result.belief})" if result.belief else "")
        if result.failure.rule == RUNS and result.failure.came:
            said += f": {result.failure.came}"
    click.echo((said + (f" {result.error}" if result.error else "")).rstrip())


def find_executor(name: str) -> AbstractContextManager[Any]:
    """An executor to use in a `with` statement: "process", "thread", or one of a module's.

    MODULE:NAME is an executor, which is left as it is, or a function that makes one, which is shut down at the end.
    The current folder's modules count. Raises LectureError.
    """
    if name == "process":
        return ProcessPoolExecutor(os.cpu_count())
    if name == "thread":
        return ThreadPoolExecutor(os.cpu_count())
    module, colon, attribute = name.partition(":")
    if not (module and colon and attribute):
        raise LectureError(f"--executor {name!r}: choose process, thread, or MODULE:NAME such as cluster:make")
    sys.path.insert(0, os.getcwd())
    try:
        found = getattr(importlib.import_module(module), attribute)
        if hasattr(found, "submit"):
            return nullcontext(found)
        made = found()
    except Exception as problem:
        raise LectureError(f"--executor {name!r}: {type(problem).__name__}: {problem}") from problem
    finally:
        sys.path.remove(os.getcwd())
    if not hasattr(made, "submit"):
        raise LectureError(f"--executor {name!r}: a {type(made).__name__} is no executor: it has no `submit`")
    return made if hasattr(made, "__exit__") else nullcontext(made)
