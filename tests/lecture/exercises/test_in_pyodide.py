"""Exercises in Pyodide, as a page grades them, here under Node: the verdicts are the terminal's, word for word."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from lecture.exercises.beliefs import belief_behind
from lecture.exercises.confined import end_idle_processes, grade_confined
from lecture.exercises.folder import find_exercises
from lecture.exercises.schedules import Dice
from lecture.exercises.telling import told
from lecture.outputs.play.exercises import _mistakes, _texts, runs_in_a_page
from tests.support.traces import ROOT

PYODIDE = ROOT / ".cache" / "pyodide" / "node_modules" / "pyodide"
SEED = 834_201
MOST_SECONDS = 3.0


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left():
    yield
    end_idle_processes()


@pytest.fixture
def grade_in_pyodide(tmp_path):
    """Answers to requests. Pyodide sees this repository only, so the requests lie in it for as long as that takes."""
    if not (PYODIDE / "pyodide.mjs").exists() or shutil.which("node") is None:
        pytest.skip("Pyodide is not installed: tools/pyodide does it")

    def grade(requests):
        folder = ROOT / ".cache" / "requests"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{tmp_path.parent.name}-{tmp_path.name}.json"
        path.write_text(json.dumps(requests), "utf-8")
        seen = f"/repository/{path.relative_to(ROOT).as_posix()}"
        program = "tests/lecture/exercises/grade_in_page.py"
        command = ["node", "tests/sim/pyodide.mjs", PYODIDE, ROOT, program, seen]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500, check=False)
        finally:
            path.unlink()
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return grade


def request(exercise, program: Path):
    known = _texts(exercise)
    programs = {**known["programs"], exercise.file: program.read_text("utf-8")}
    return {**known, "programs": programs, "name": exercise.name, "known": _mistakes(exercise), "seed": SEED}


def in_the_page():
    return [one for one in find_exercises(ROOT / "exercises") if runs_in_a_page(one)]


def test_every_solution_passes_in_pyodide_within_three_seconds_of_the_processor(grade_in_pyodide):
    exercises = in_the_page()
    found = grade_in_pyodide([request(one, one.folder / "solution" / one.file) for one in exercises])
    told = {one.name: said for one, said in zip(exercises, found, strict=True)}
    assert {name: said["answer"]["text"] for name, said in told.items() if not said["answer"]["passed"]} == {}
    assert {name: said["seconds"] for name, said in told.items() if said["seconds"] > MOST_SECONDS} == {}


def test_wrong_programs_get_the_words_of_the_terminal_in_pyodide(grade_in_pyodide):
    exercises = in_the_page()
    programs = [(one, one.folder / one.file) for one in exercises[::8]]
    programs += [(one, next(iter(one.wrong.values()))) for one in exercises[1::4] if not one.has_hidden_seeds]
    programs += [(one, path) for one in exercises if one.has_hidden_seeds for path in list(one.wrong.values())[:2]]
    found = grade_in_pyodide([request(*one) for one in programs])
    dice = Dice(SEED)
    for (exercise, path), said in zip(programs, found, strict=True):
        verdict = grade_confined(exercise, path, dice)
        assert said["answer"]["text"] == told(exercise, verdict, belief_behind(exercise, verdict, dice), dice), path
        assert not verdict.passed
