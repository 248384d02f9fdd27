"""Exercises in a page of the browser: there the grader runs in a worker, which is a Python of its own.

A request is JSON: what the build wrote of the exercise (lecture/outputs/play/exercises.py), the program, and the first
hidden seed. `grade` tells line by line what it tries and finds, in the words of grading_process.py; so the page can end
the worker when it hears nothing more, and have another one say what that means. Each program gets a new worker: what
one leaves behind in this Python meets no other.

What the worker can't do anyway, since nothing of it is there: read the solution, files, the network. The page itself is
JavaScript that anybody can read; nobody can keep a secret from the person whose browser it is.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from lecture.exercises import grading
from lecture.exercises.endings import SECONDS, lacking, verdict_of
from lecture.exercises.folder import CHECK, TASK, Exercise
from lecture.exercises.grading import RUNS, Failure, Verdict
from lecture.exercises.grading_process import warm_up
from lecture.exercises.handed_in import with_our_imports
from lecture.exercises.misconceptions import nearest_of_noted
from lecture.exercises.replaying import recorded
from lecture.exercises.schedules import Dice
from lecture.exercises.telling import told
from lecture.programs.temporary import temporary_folder

# By these a program would leave its simulated world for the page.
DOORS = ("js", "pyodide_js", "_pyodide_core", "pyodide", "pyodide.code", "pyodide.ffi", "pyodide.http")
_TOOL = 4  # of sys.monitoring; the recorder has another one

Heard = Callable[[str], object]
_seconds = time.perf_counter  # a world has a clock of its own, which programs see


@dataclass(frozen=True)
class _Task:
    """A request, unpacked. problem: why the program can't be tried, or ""."""

    exercise: Exercise
    script: Path
    known: dict[str, dict[str, str]]
    dice: Dice
    problem: str


def grade(request: str, heard: Heard) -> str:
    """The answer to a request: see `_answer`. heard: is told each line."""
    with _unpacked(request) as task:
        if task.problem:
            return _answer(task, lacking(task.problem))
        _shut_the_doors()
        busy = _Busy(task.script, lambda line: heard(json.dumps({"busy": line})))

        def watch(what: str, failure: Failure) -> None:
            busy.begin()
            heard(json.dumps({what: asdict(failure)}))

        with busy:
            verdict = grading.grade(task.script, task.exercise.checks, task.dice, watch)
        return _answer(task, verdict)


def tell(request: str, heard: Heard) -> str:
    """The answer for a program that took its worker with it. The request has the lines, and the last of them."""
    with _unpacked(request) as task:
        lines = json.loads(request)["lines"]
        return _answer(task, verdict_of(lines, task.script.name, SECONDS, SECONDS))


def replay(request: str, heard: Heard) -> str:
    """The run of `check` in `schedule`: its `timeline`, and `at`, how many steps have been made when it goes wrong."""
    asked = json.loads(request)
    with _unpacked(request) as task:
        _shut_the_doors()
        check = next(one for one in task.exercise.checks if one.name == asked["check"])
        timeline, at = recorded(task.script, check, asked["schedule"], task.dice)
        return f'{{"at": {at}, "timeline": {timeline.to_json()}}}'


@contextmanager
def _unpacked(request: str) -> Iterator[_Task]:
    asked = json.loads(request)
    with temporary_folder("exercise") as folder:
        exercise = Exercise(folder / asked["name"])
        exercise.folder.mkdir()
        for name in (TASK, CHECK):
            (exercise.folder / name).write_text(asked["files"][name], encoding="utf-8")
        own = folder / "own"
        own.mkdir()
        problem = ""
        for name, text in asked["programs"].items():
            data, lacks = with_our_imports(name, text.encode(errors="surrogatepass"))
            (own / name).write_bytes(data)
            problem = problem or lacks
        assert exercise.checks and exercise.sections and exercise.title  # they are read now, and remembered
        shutil.rmtree(exercise.folder)  # so that a program can't read what it is held to
        yield _Task(exercise, own / asked["file"], asked["known"], Dice(asked["seed"]), problem)


def _answer(task: _Task, verdict: Verdict) -> str:
    """`passed`; `text`, the verdict as a terminal shows it; `failure`, the check and schedule that a stepper may show.

    There is no `failure` of a program that never comes to an end, as its steps would have none either.
    """
    first = None if verdict.passed else verdict.failures[0]
    belief = None
    if first is not None and first.rule != RUNS:
        belief = nearest_of_noted(verdict.fingerprint, task.known)
    has_end = first is not None and not task.problem and "never comes to an end" not in first.what
    return json.dumps(
        {
            "passed": verdict.passed,
            "text": told(task.exercise, verdict, belief, task.dice),
            "failure": {"check": first.check, "schedule": first.schedule} if first and has_end else None,
        }
    )


def _shut_the_doors() -> None:
    for name in DOORS:
        sys.modules[name] = None  # type: ignore[assignment]  # `import js` says that there is none


class _Busy:
    """Says in which line a program is when one try has taken SECONDS. It can't end it: who hears it can."""

    def __init__(self, script: Path, told: Callable[[int], object]) -> None:
        self._script = str(script)
        self._told: Callable[[int], object] | None = told
        self._deadline = 0.0

    def begin(self) -> None:
        """Another try begins."""
        self._deadline = _seconds() + SECONDS

    def _jumped(self, code: CodeType, *_: Any) -> Any:
        if code.co_filename != self._script:
            return sys.monitoring.DISABLE  # type: ignore[attr-defined,unused-ignore]  # it came with Python 3.12
        if self._told and _seconds() > self._deadline:
            told, self._told = self._told, None
            told(sys._getframe(1).f_lineno)
        return None

    def __enter__(self) -> None:
        self._set(True)

    def __exit__(self, *problem: object) -> None:
        self._set(False)

    def _set(self, on: bool) -> None:
        if not hasattr(sys, "monitoring"):
            return
        watching = sys.monitoring  # type: ignore[attr-defined,unused-ignore]  # as above
        if on:
            watching.use_tool_id(_TOOL, "lecture.exercises")
            watching.register_callback(_TOOL, watching.events.JUMP, self._jumped)
        watching.set_events(_TOOL, watching.events.JUMP if on else 0)
        if not on:
            watching.free_tool_id(_TOOL)


__all__ = ["grade", "replay", "tell", "warm_up"]
