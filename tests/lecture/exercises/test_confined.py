"""A program that is graded can't hang the grader, read the solution, or reach the machine."""

import pytest

from lecture.exercises.confined import grade_confined


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("open('/etc/hostname')", "PermissionError: a program that is graded may not touch '/etc/hostname'"),
        ("open(SOLUTION).read()", "PermissionError: a program that is graded may not touch"),
        ("import os; os.listdir('/')", "PermissionError: a program that is graded may not touch '/'"),
        ("import os; os.system('true')", "PermissionError: a program that is graded may not use os.system"),
        ("import os; os.remove(SOLUTION)", "PermissionError: a program that is graded may not touch"),
        ("import ctypes", "PermissionError: a program that is graded may not use ctypes.dlopen"),
        ("import _socket; _socket.socket()", "PermissionError: a program that is graded may not use socket.__new__"),
        ("x = 'a' * (1 << 31)", "MemoryError"),
        ("open('big', 'w').write('y' * (1 << 22))", "OSError"),
    ],
)
def test_it_may_not(exercise, source, said):
    program = exercise.folder / "server.py"
    solution = exercise.folder / "solution" / "server.py"
    program.write_text(f"SOLUTION = {str(solution)!r}\n{source}\n")
    first = grade_confined(exercise, program).failures[0]
    assert first.rule == "runs" and str(first.came).startswith(said)
    assert solution.is_file()


def test_it_may_use_its_own_folder_and_the_library(exercise):
    program = exercise.folder / "server.py"
    program.write_text(
        "import json, helper\nopen('own', 'w').close()\nassert helper.x == 1\n"
        + (exercise.folder / "solution" / "server.py").read_text()
    )
    (exercise.folder / "helper.py").write_text("x = 1\n")
    verdict = grade_confined(exercise, program)
    assert verdict.passed, verdict.failures[0]
    assert not (exercise.folder / "own").exists()


def test_one_that_never_comes_to_an_end_is_stopped_and_its_line_is_named(exercise, monkeypatch):
    monkeypatch.setattr("lecture.exercises.confined.SECONDS", 1)
    program = exercise.folder / "server.py"
    program.write_text("x = 1\nwhile True:\n    x += 1\n")
    first = grade_confined(exercise, program).failures[0]
    assert first.what.startswith("it never comes to an end: after 1 seconds it was still busy in server.py:")


def test_one_that_ends_the_interpreter_is_a_failure(exercise):
    program = exercise.folder / "server.py"
    program.write_text("import os\nos._exit(3)\n")
    assert grade_confined(exercise, program).failures[0].what == "it ended the grader: exit 3"
