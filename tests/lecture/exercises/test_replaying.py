"""A failure again, step by step: where the stepper opens."""

import pytest

from lecture.exercises.folder import Exercise
from lecture.exercises.grading import grade
from lecture.exercises.replaying import recorded
from lecture.exercises.schedules import Dice
from tests.lecture.exercises.conftest import ORDERS
from tests.support.traces import ROOT


def shown(exercise, program):
    """The step at which the stepper opens."""
    failure = grade(program, exercise.checks).failures[0]
    check = next(one for one in exercise.checks if one.name == failure.check)
    timeline, at = recorded(program, check, failure.schedule, Dice())
    return timeline.steps[at - 1]


def test_it_opens_where_the_first_wrong_byte_is_written():
    step = shown(Exercise(ORDERS), ORDERS / "wrong" / "one_chunk" / "server.py")
    assert step["kind"] == "data.written" and step["data"] == "one soup\r\nfish\r\ncake\r\n"


def test_it_opens_where_the_program_last_did_something_if_nothing_came():
    step = shown(Exercise(ORDERS), ORDERS / "server.py")
    assert step["kind"] == "data.received" and step["data"] == "soup\r\nfish\r\ncake\r\n"


def test_it_opens_where_something_else_is_printed(tmp_path):
    exercise = Exercise(ROOT / "exercises" / "21_nobody_there")
    program = tmp_path / exercise.file
    program.write_text((exercise.folder / "solution" / exercise.file).read_text().replace("refused", "declined"))
    step = shown(exercise, program)
    assert step["kind"] == "output" and "declined" in step["data"]


def test_of_a_run_with_more_lines_than_a_tape_holds_the_events_are_recorded():
    exercise = Exercise(ROOT / "exercises" / "27_somebody_left")  # its menu is made line by line before anybody comes
    program = exercise.folder / exercise.file
    failure = grade(program, exercise.checks).failures[0]
    check = next(one for one in exercise.checks if one.name == failure.check)
    timeline, at = recorded(program, check, failure.schedule, Dice())
    assert not timeline.left_out and timeline.steps[at - 1]["kind"] in ("data.written", "connection.lost", "output")


def test_who_talks_to_the_program_has_a_name_there():
    exercise = Exercise(ORDERS)
    timeline, _ = recorded(ORDERS / "server.py", exercise.checks[0], "plain", Dice())
    assert [program["name"] for program in timeline.programs] == ["server.py", "the guest"]


def test_a_schedule_that_is_not_there_is_refused():
    with pytest.raises(LookupError, match="cut 999"):
        recorded(ORDERS / "server.py", Exercise(ORDERS).checks[0], "cut 999", Dice())


def test_it_opens_at_the_line_that_is_wrong_if_more_was_printed_after_it(tmp_path):
    exercise = Exercise(ROOT / "exercises" / "01_who_is_next")
    program = tmp_path / exercise.file
    program.write_text((exercise.folder / "solution" / exercise.file).read_text().replace("now += course", "now += 9"))
    step = shown(exercise, program)
    assert step["kind"] == "output" and step["data"] == "ann 9\n"
