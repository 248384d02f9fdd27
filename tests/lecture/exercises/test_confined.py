"""A program that is graded can't hang the grader, read the solution, or reach the machine."""

import os
import sys

import pytest

from lecture.errors import LectureError
from lecture.exercises import confined
from lecture.exercises.confined import end_idle_processes, grade_confined, replay_confined
from lecture.programs.against_twisted import for_twisted


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left():
    """Processes that wait for the next program are for people, not for other tests."""
    yield
    end_idle_processes()


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


@pytest.fixture(params=["in a fork", "in a process of its own"])
def either_way(request, monkeypatch):
    """Both ways of grading: systems that can't fork have the second only."""
    monkeypatch.setattr("lecture.exercises.confined.CAN_FORK", request.param == "in a fork")


BUSY_AT_THE_THIRD_ORDER = """
    orders = 0

    def dataReceived(self, data):
        while Kitchen.orders > 1:
            pass
        Kitchen.orders += 1
        self.bake(data)

    def bake(self, data):"""


ENDS_AT_THE_TENTH = """
import os
with open("runs", "a") as runs:
    runs.write("x")
if os.path.getsize("runs") == 10:
    os._exit(3)
"""


def test_one_that_never_comes_to_an_end_is_stopped_and_its_line_and_the_rule_are_named(exercise, either_way):
    program = exercise.folder / "server.py"
    source = (exercise.folder / "solution" / "server.py").read_text()
    program.write_text(source.replace("\n    def dataReceived(self, data):", BUSY_AT_THE_THIRD_ORDER, 1))
    last = grade_confined(exercise, program, seconds=0.5).failures[-1]
    assert last.what.startswith("it never comes to an end: after 0.5 seconds it was still busy in server.py:")
    assert last.rule in exercise.rules


def test_of_one_that_never_comes_to_an_end_the_run_is_recorded_to_where_it_was_stopped(
    exercise, either_way, monkeypatch
):
    monkeypatch.setattr("lecture.exercises.confined.RECORDED_SECONDS", 1.0)
    program = exercise.folder / "server.py"
    source = (exercise.folder / "solution" / "server.py").read_text()
    program.write_text(source.replace("\n    def dataReceived(self, data):", BUSY_AT_THE_THIRD_ORDER, 1))
    timeline, at = replay_confined(exercise, program, grade_confined(exercise, program, seconds=0.5).failures[-1])
    assert timeline.steps[at - 1]["kind"] == "data.received"
    assert {step["kind"] for step in timeline.steps[-20:]} == {"line"} and timeline.left_out


def test_of_one_that_ends_the_interpreter_nothing_is_recorded(exercise):
    program = exercise.folder / "server.py"
    program.write_text("import os\nos._exit(3)\n")
    assert replay_confined(exercise, program, grade_confined(exercise, program).failures[0]) is None


def test_one_that_never_runs_on_is_stopped_by_the_clock_on_the_wall(exercise, monkeypatch):
    monkeypatch.setattr("lecture.exercises.confined.WALL_SECONDS", 0.2)
    program = exercise.folder / "server.py"
    program.write_text("import select\nselect.select([], [], [])\n")
    last = grade_confined(exercise, program).failures[-1]
    assert last.what == "it never comes to an end: after 0.2 seconds it still waits"


def test_one_that_ends_the_interpreter_is_a_failure(exercise, either_way):
    program = exercise.folder / "server.py"
    program.write_text("import os\nos._exit(3)\n")
    assert grade_confined(exercise, program).failures[0].what == "it ended the grader: exit 3"


def test_a_solution_passes_in_a_process_of_its_own_too(exercise, either_way):
    assert grade_confined(exercise, exercise.folder / "solution" / "server.py").passed


def test_what_was_found_before_a_program_ends_its_process_counts(exercise):
    program = exercise.folder / "server.py"
    program.write_text(ENDS_AT_THE_TENTH + exercise.wrong["first_line"].read_text())
    failures = grade_confined(exercise, program).failures
    assert len(failures) > 1 and failures[0].rule == "R2"
    assert failures[-1].what == "it ended the grader: exit 3" and failures[-1].rule in exercise.rules


def test_a_grader_that_was_killed_is_replaced_and_one_that_can_not_start_is_said_so(exercise, monkeypatch):
    solution = exercise.folder / "solution" / "server.py"
    assert grade_confined(exercise, solution).passed
    for process in confined._idle[os.getpid()]:
        process.kill()
        process.wait()
    assert grade_confined(exercise, solution).passed
    end_idle_processes()
    monkeypatch.setattr(confined, "_COMMAND", (sys.executable, "-c", "raise SystemExit(7)"))
    with pytest.raises(LectureError, match="the process that grades has ended, exit 7"):
        grade_confined(exercise, solution)


def test_a_solution_written_for_twisted_runs_here(exercise):
    program = exercise.folder / "server.py"
    source = (exercise.folder / "solution" / "server.py").read_text()
    program.write_text(for_twisted(source, program))
    assert "from twisted.internet" in program.read_text()
    assert grade_confined(exercise, program).passed


def test_what_twisted_has_and_this_library_has_not_is_named_with_its_line(exercise):
    program = exercise.folder / "server.py"
    program.write_text("from twisted.internet import reactor\nfrom twisted.internet import cfreactor\n")
    first = grade_confined(exercise, program).failures[0]
    assert first.rule == "runs" and "cfreactor" in first.what and first.what.endswith("(server.py, line 2)")
