"""`%exercise`, `%%check` and `%%original`: the tasks of `lecture exercises` in a notebook with the same verdicts, and a
cell that was changed, put back."""

from __future__ import annotations

import atexit
import base64
import gzip
import json
import re
import sys
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from lecture.exercises.beliefs import belief_behind
from lecture.exercises.confined import grade_confined
from lecture.exercises.folder import Exercise
from lecture.exercises.telling import told
from tests.support.example_folder import Folder

TASK = Exercise(Path(__file__).parents[2] / "exercises" / "08_two_in_one")


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # the shell puts its own there
    monkeypatch.chdir(tmp_path)
    shell = InteractiveShell()
    shell.run_line_magic("load_ext", "lecture.notebook")
    monkeypatch.setattr("lecture.notebook.publish_display_data", lambda data: print(data["text/plain"]))

    def run(cell):
        shell.rl_next_input = None
        shell.run_cell(cell)
        run.next = shell.rl_next_input
        return "".join(capsys.readouterr())

    run.shell = shell
    yield run
    shell.atexit_operations()
    atexit.unregister(shell.atexit_operations)


def solution(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_an_exercise_shows_its_task_without_the_hints_and_puts_its_program_into_the_next_cell(run):
    said = run("%exercise 8")
    assert said.startswith("# Two in one\n") and "## Rules" in said and "Hints" not in said
    assert run.next == f"%%check 08_two_in_one\n{solution(TASK.folder / TASK.file).rstrip()}"


@pytest.mark.parametrize("wrong", sorted(TASK.wrong))
def test_a_cell_gets_the_verdict_that_the_terminal_gives(run, wrong):
    path = TASK.wrong[wrong]
    verdict = grade_confined(TASK, path)
    said = run(f"%%check two_in_one\n{solution(path)}")
    assert said.startswith(told(TASK, verdict, belief_behind(TASK, verdict)) + "\n")


def test_below_a_verdict_that_fails_stands_the_run_in_words_in_a_picture_and_in_the_stepper(run, monkeypatch):
    shown = []
    monkeypatch.setattr("reactor.notebook.magics.publish_display_data", shown.append)
    run(f"%%check 8\n{solution(TASK.wrong['one_chunk'])}")
    (output,) = shown
    assert "server.py to the guest: " in output["text/plain"]
    assert '<div class="world"><img alt="' in output["text/html"] and "Step through Two in one" in output["text/html"]
    packed = re.findall(r'"([A-Za-z0-9+/=]{500,})"', output["text/html"])[-1]
    stepped = json.loads(gzip.decompress(base64.b64decode(packed)))
    step = stepped["timeline"]["steps"][stepped["at"] - 1]
    assert step["kind"] == "data.written" and step["data"] == "one soup\r\nfish\r\ncake\r\n"
    assert stepped["files"] == {"server.py": solution(TASK.wrong["one_chunk"])}


@pytest.mark.parametrize("cell", [solution(TASK.folder / "solution" / TASK.file), "from twisted.nowhere import x"])
def test_below_a_verdict_that_passes_or_of_a_program_that_can_not_be_tried_stands_no_run(run, monkeypatch, cell):
    monkeypatch.setattr("lecture.notebook.show_timeline", None)
    assert "Error" not in run(f"%%check 8\n{cell}")


def test_a_solution_passes_and_is_ticked_in_the_list_that_the_terminal_shares(run):
    assert "· 08_two_in_one" in run("%exercise")
    assert run(f"%%check 8\n{solution(TASK.folder / 'solution' / TASK.file)}").startswith("Passed: ")
    assert "✓ 08_two_in_one" in run("%exercise")
    assert Path("workbook/.progress.json").is_file()


def test_braces_and_dollars_in_a_checked_cell_are_the_students(run):
    assert "name 'unknown' is not defined" in run("%%check 8\nprint('{x} $x', unknown)")


@pytest.mark.parametrize("cell", ["%exercise soup", "%%check soup\nx = 1"])
def test_an_exercise_that_is_not_there_is_named(run, cell):
    said = run(cell)
    assert "no exercise is called 'soup': 01_who_is_next, " in said and "Traceback" not in said


def test_a_teachers_own_exercises_near_the_notebook_come_first(run):
    own = Path("exercises/01_own")
    (own / "solution").mkdir(parents=True)
    for name, text in {"task.md": "# My own\n\nDo it.\n", "a.py": "x = 1\n", "solution/a.py": "x = 2\n"}.items():
        (own / name).write_text(text, encoding="utf-8")
    assert "· 01_own" in run("%exercise") and "08_two" not in run("%exercise")


def test_a_grader_that_is_interrupted_says_so(run, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("lecture.notebook.grade_confined", interrupted)
    assert "the grader was stopped" in run("%%check 8\nx = 1")


DECK = """\
from lecture.slides import *
lecture = Lecture("Talk", Slide("Hello", Code("01_hello/hello.py"), Session("01_hello")))
"""


@pytest.fixture
def talk(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    folder.write("01_hello", "$ python hello.py\nhello\n", hello="print('hello')\n")
    (tmp_path / "talk.py").write_text(DECK)
    monkeypatch.setattr(sys, "path", sys.path[:])


@pytest.mark.parametrize("changed", ["", "\nprint('bye')", "\n\n\nx = {y} $z"])
def test_a_cell_that_was_changed_is_put_back_to_what_the_lecture_has(run, talk, changed):
    assert run(f"%%original\n%%program 01_hello/hello.py{changed}") == ""
    assert run.next == "%%program 01_hello/hello.py\nprint('hello')"


def test_a_cell_is_found_by_its_id_where_the_editor_tells_it(run, talk):
    run.shell.parent_header = {"metadata": {"cellId": "session-01-hello"}}
    run("%%original\nall of it is gone")
    assert run.next == "%%session 01_hello\n$ python hello.py"


def test_a_cell_that_the_lecture_does_not_have_is_named(run, talk):
    said = run("%%original\nx = 1")
    assert "the lecture has no cell that begins with 'x = 1': give the cell its old first line" in said
    assert run.next is None
