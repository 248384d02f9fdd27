"""The grader: which worlds it tries, what it finds, and in which words it says so."""

from dataclasses import replace

import pytest

from lecture.errors import LectureError
from lecture.exercises.checks import check, read_checks
from lecture.exercises.folder import Exercise
from lecture.exercises.grading import Verdict, _text, grade
from lecture.exercises.misconceptions import likeness, nearest, nearest_of_noted
from lecture.exercises.schedules import CUTS_OF_A_LONGER_ONE, EVERY_CUT_UP_TO, Dice, schedules
from lecture.exercises.telling import statement, told
from tests.lecture.exercises.conftest import ORDERS
from tests.support.traces import ROOT


@pytest.fixture(scope="module")
def verdicts():
    """Of our exercise: as given, solved, and each wrong solution."""
    exercise = Exercise(ORDERS)
    programs = {"given": ORDERS / "server.py", "solution": ORDERS / "solution" / "server.py", **exercise.wrong}
    return exercise, {name: grade(path, exercise.checks) for name, path in programs.items()}


def test_a_solution_passes_in_every_world_and_what_is_given_in_none(verdicts):
    _, found = verdicts
    assert found["solution"].passed and found["solution"].tried > 50
    assert len(found["given"].failures) == found["given"].tried


def test_every_single_cut_is_tried():
    names = [one.name for one in schedules(("cuts", "bytes"), 11, 50, Dice())]
    assert names == [*(f"cut {n}" for n in range(1, 11)), "bytes", "threes"]


def test_hidden_seeds_begin_where_the_dice_say_and_are_as_many():
    found = list(schedules(("hidden",), 11, 50, Dice(first=834_201, count=3)))
    assert [(one.name, one.seed) for one in found] == [
        ("hidden 1", 834_201),
        ("hidden 2", 834_202),
        ("hidden 3", 834_203),
    ]


def test_a_hidden_seed_that_fails_is_shown_with_the_command_that_repeats_it(verdicts):
    exercise, found = verdicts
    first = replace(found["given"].failures[0], schedule="hidden 2", said="an evening by the dice, seed 77", seed=77)
    text = told(exercise, Verdict((first,), 20))
    assert "lecture exercises try 08_two_in_one --seed 77 --seeds 1" in text


def test_lines_that_were_printed_stand_below_each_other_and_nothing_is_seen(verdicts):
    exercise, found = verdicts
    first = replace(found["given"].failures[0], expected="soup 12\nwine 30\n", came="")
    lines = told(exercise, Verdict((first,), 1)).splitlines()
    assert lines[-3:] == ["  expected  soup 12", "            wine 30", "  came      (nothing)"]


def test_pieces_that_are_the_same_in_a_row_are_shown_once_with_their_number(verdicts):
    exercise, found = verdicts
    first = replace(found["given"].failures[0], sent=("'so'", *["'xx'"] * 20, "'so'"))
    assert "  sent      'so'  20 × 'xx'  'so'" in told(exercise, Verdict((first,), 1)).splitlines()


def test_the_statement_has_title_text_and_rules():
    said = statement(Exercise(ORDERS))
    assert said.startswith("Two in one\n\n") and "\nRules:\n  R1: " in said
    assert all(line.startswith(("  R", "      ")) for line in said.split("Rules:\n")[1].splitlines())


def test_letters_are_shown_as_letters_and_other_bytes_as_python_does():
    assert _text("Café 'crème'\r\n".encode()) == r"'Café \'crème\'\r\n'"
    assert _text("é".encode()[:1] + b"\x00\\") == r"'\xc3\x00\\'"
    assert _text(b"x" * 101) == f"'{'x' * 100}'… (101 bytes)"


def test_ctrl_c_is_pressed_at_each_step_or_at_so_many():
    found = list(schedules(("interrupts",), 11, 1000, Dice()))
    assert len(found) == 60 and (found[0].interrupt_at, found[-1].interrupt_at) == (1, 999)


def test_of_a_long_stream_so_many_cuts_are_tried_both_ends_among_them():
    for stream, count in ((EVERY_CUT_UP_TO, EVERY_CUT_UP_TO - 1), (10_000, CUTS_OF_A_LONGER_ONE)):
        places = [one.reads[0] for one in schedules(("cuts",), stream, 50, Dice())]
        assert len(places) == count and places[0] == 1 and places[-1] == stream - 1


def test_a_client_without_a_buffer_passes_as_it_comes_and_fails_at_the_first_cut(verdicts):
    _, found = verdicts
    first = found["first_line"].failures[0]
    assert first.schedule == "cut 1" and first.sent == (r"'s'", r"'oup\r\nfish\r\ncake\r\n'")
    assert first.rule == "R2" and first.came == r"'one oup\r\none fish\r\none cake\r\n'"


def test_a_verdict_says_rule_pieces_what_came_what_was_expected_and_the_misconception(verdicts):
    exercise, found = verdicts
    text = told(exercise, found["first_line"], exercise.belief("first_line"))
    assert "R2: Orders are answered in their order, however many come at once." in text
    for line in (
        r"  sent      's'  'oup\r\nfish\r\ncake\r\n'",
        r"  expected  'one soup\r\none fish\r\none cake\r\n'",
        r"  came      'one oup\r\none fish\r\none cake\r\n'",
        "Do you count on this? Lines come whole.",
        "The network may do that: cut in two after 1 byte.",
    ):
        assert line in text.splitlines()
    assert told(exercise, found["solution"]) == f"Passed: {found['solution'].tried} worlds, and it holds in each."


def test_the_mistake_is_named_by_the_schedules_in_which_it_fails(verdicts):
    _, found = verdicts
    known = {name: found[name].fingerprint for name in ("first_line", "one_chunk")}
    assert nearest(found["first_line"].fingerprint, known) == "first_line"
    assert nearest(found["one_chunk"].fingerprint, known) == "one_chunk"
    assert nearest(found["given"].fingerprint, known) is None  # it says nothing at all, which is no misconception


def test_a_mistake_is_named_beside_another_that_is_not_known():
    known = {"one": {f"a: cut {n}": "x" for n in range(10)}, "other": {f"b: cut {n}": "y" for n in range(10)}}
    both = {**known["one"], **{f"c: cut {n}": "z" for n in range(50)}}
    assert nearest(both, known) == "one"
    assert nearest({**both, **known["other"]}, known) == "one"  # for that explains the failure that is shown
    assert nearest({**known["other"], **both}, known) == "other"
    assert nearest({**both, **{f"a: cut {n}": "w" for n in range(3)}}, known) is None


def test_the_line_in_which_it_is_tells_no_mistake_from_another(exercise):
    raising = (exercise.folder / "solution" / "server.py").read_text().replace("*orders", "1 / 0\n        *orders")
    path = exercise.folder / "server.py"
    prints = []
    for source in (raising, "\n\n" + raising):
        path.write_text(source)
        prints.append(grade(path, exercise.checks).fingerprint)
    assert prints[0] == prints[1]


def test_two_that_are_equally_near_are_not_named():
    print_ = {"a: cut 1": "x"}
    assert nearest(print_, {"one": print_, "other": print_}) is None
    assert likeness({}, {}) == 0 and nearest({}, {}) is None


def test_a_part_of_a_mistake_is_named_only_if_it_explains_the_failure_that_is_shown():
    known = {"shared": {"five: plain": "x"}}
    assert nearest({"one: plain": "y", "five: plain": "x"}, known) is None
    assert nearest({"five: plain": "x", "one: plain": "y", "two: plain": "z"}, known) == "shared"


def test_a_program_that_does_nothing_yet_believes_nothing():
    exercise = Exercise(ROOT / "exercises" / "05_echo_nothing_more")
    verdict = grade(exercise.folder / exercise.file, exercise.checks)
    assert nearest_of_noted(verdict.fingerprint, exercise.fingerprints) is None


def test_another_must_be_served_after_a_reset(exercise):
    """The kitchen that counts its guests, and gives up when one is lost by a reset."""
    path = exercise.folder / "server.py"
    source = (exercise.folder / "solution" / "server.py").read_text()
    path.write_text(
        source.replace(
            "    def dataReceived",
            "    def connectionLost(self, reason):\n        if reason.type.__name__ == 'ConnectionLost':\n"
            "            self.factory.stop = True\n\n    def dataReceived",
        ).replace("        *orders", "        if hasattr(self.factory, 'stop'):\n            return\n        *orders")
    )
    verdict = grade(path, exercise.checks)
    assert not verdict.passed and {one.schedule.partition(" ")[0] for one in verdict.failures} == {"reset"}


def test_a_program_that_raises_fails_with_its_last_words(exercise):
    path = exercise.folder / "server.py"
    path.write_text(
        (exercise.folder / "solution" / "server.py").read_text().replace("*orders", "1 / 0\n        *orders")
    )
    first = grade(path, exercise.checks).failures[0]
    assert first.what.endswith("before that it raised ZeroDivisionError: division by zero (server.py, line 10)")


def test_a_program_that_does_not_listen_is_said_so(exercise):
    path = exercise.folder / "server.py"
    path.write_text("x = nonsense\n")
    first = grade(path, exercise.checks).failures[0]
    assert (first.rule, first.what) == ("runs", "nobody can connect to port 7771")
    assert first.came == "NameError: name 'nonsense' is not defined (server.py, line 1)"


def test_a_program_that_can_not_be_read_is_told_in_which_line(exercise):
    path = exercise.folder / "server.py"
    path.write_text("x = 1\n\nclass Echo(:\n    pass\n")
    assert grade(path, exercise.checks).failures[0].came == "SyntaxError: invalid syntax (server.py, line 3)"


@check("R1", only=())
def an_end(yours):
    yours.ends(0, "R1")


def test_a_program_that_can_not_be_read_and_need_not_listen_is_told_in_which_line(exercise):
    path = exercise.folder / "server.py"
    path.write_text("while True\n    pass\n")
    first = grade(path, [an_end.check]).failures[0]
    assert first.what == "it ended otherwise; before that it raised SyntaxError: expected ':' (server.py, line 1)"


def test_a_program_that_is_busy_for_ever_is_named(exercise):
    path = exercise.folder / "server.py"
    path.write_text(
        "from reactor import reactor\ndef tick():\n    reactor.callLater(0, tick)\ntick()\n"
        + (exercise.folder / "solution" / "server.py").read_text()
    )
    first = grade(path, exercise.checks[:1]).failures[0]
    assert first.what.endswith("tick (server.py:2) asks for itself again")


def test_a_verdict_goes_through_json(verdicts):
    for verdict in verdicts[1].values():
        assert Verdict.from_json(verdict.as_json()) == verdict


def test_a_check_cites_rules_and_knows_its_kinds():
    with pytest.raises(ValueError, match="cites the rules"):
        check()
    with pytest.raises(ValueError, match="no kind of schedule 'backwards': choose among cuts, bytes"):
        check("R1", also=("backwards",))


def test_a_file_without_checks_or_with_a_mistake_is_named(tmp_path):
    path = tmp_path / "check.py"
    path.write_text("x = 1\n")
    with pytest.raises(LectureError, match="there is no check: write a function with @check"):
        read_checks(path)
    path.write_text("1 / 0\n")
    with pytest.raises(LectureError, match="ZeroDivisionError: division by zero"):
        read_checks(path)
