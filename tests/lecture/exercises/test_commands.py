"""`lecture exercises`, as a student types it, and as who writes exercises does."""

import re
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner

from lecture.cli import commands
from lecture.errors import Failed, LectureError
from lecture.exercises import beliefs
from lecture.exercises import commands as ours
from lecture.exercises.endings import NOTHING_TRIED
from lecture.exercises.folder import Exercise
from lecture.exercises.proving import problems
from lecture.exercises.telling import same
from tests.lecture.exercises.conftest import ORDERS


@pytest.fixture
def type_(exercise, tmp_path, monkeypatch):
    """Types `lecture exercises …` in an empty folder, with the one exercise."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def run(*words, status=0, typed=""):
        words = ("exercises", words[0], "--exercises", str(exercise.folder.parent), *words[1:])
        result = CliRunner().invoke(commands, words, input=typed, standalone_mode=False)
        if result.exception:
            raise result.exception
        assert (result.return_value or 0) == status, result.output
        return result.output

    return run


def solve(exercise, tmp_path):
    shutil.copy(exercise.folder / "solution" / "server.py", tmp_path / "here" / "workbook" / exercise.name)


def test_from_nothing_to_the_first_that_passes(type_, exercise, tmp_path):
    assert "· 08_two_in_one" in type_("list") and "0 of 1 solved" in type_("list")
    said = type_("try", status=1)
    assert said.startswith("Not yet. In ") and "Your file: workbook/08_two_in_one/server.py" in said
    own = tmp_path / "here" / "workbook" / "08_two_in_one"
    assert {path.name for path in own.iterdir()} == {"server.py", "task.md"}
    solve(exercise, tmp_path)
    assert type_("try", "8").startswith("Passed: ")
    assert "✓ 08_two_in_one" in type_("list") and type_("list", "--open").splitlines() == ["1 of 1 solved"]


def test_the_verdict_names_the_command_that_steps_through_that_run_from_where_it_goes_wrong(
    type_, exercise, tmp_path, monkeypatch
):
    type_("reset", "8")
    shutil.copy(exercise.wrong["one_chunk"], tmp_path / "here" / "workbook" / exercise.name)
    assert "`lecture exercises step 08_two_in_one`" in type_("try", "8", status=1)
    said = type_("step", "08_two_in_one", typed="w\nb\n")
    before, here, back = re.split(r"^(?:> )?step ", said.replace("> step", "step"), flags=re.MULTILINE)
    assert "R2: Orders are answered in their order" in before and "w: why?" in before
    assert r"server.py writes b'one soup\r\nfish\r\ncake\r\n'" in here.splitlines()[0]
    assert "  >   " in here and "  because " in here and "is about to run server.py:" in back


def test_there_is_nothing_to_step_through_in_what_passes_or_never_began(type_, exercise, tmp_path):
    type_("reset", "8")
    solve(exercise, tmp_path)
    assert type_("step").startswith("Passed: ")
    own = tmp_path / "here" / "workbook" / exercise.name / exercise.file
    own.write_text("from twisted.nowhere import x\n")
    assert "lecture exercises step" not in type_("try", "8", status=1)
    with pytest.raises(LectureError, match=r"nothing of this run could be recorded: .*nowhere"):
        type_("step", "8")


def test_a_run_of_a_hidden_seed_is_stepped_through_with_that_seed():
    failure = replace(NOTHING_TRIED, schedule="hidden 7", seed=1006)
    assert same(Exercise(ORDERS), failure) == "08_two_in_one --seed 1006 --seeds 1"


def test_hints_come_one_after_the_other(type_):
    assert type_("hint") == "TCP has no messages.\n"
    assert type_("hint") == "Keep what has no line end yet.\n"
    assert type_("hint").startswith("There are no more hints")


def test_the_solution_is_shown_after_a_pass_or_when_one_insists(type_, exercise, tmp_path):
    with pytest.raises(LectureError, match="isn't solved yet"):
        type_("solution")
    assert "class Kitchen" in type_("solution", "--anyway")
    solve(exercise, tmp_path)
    type_("try")
    assert "class Kitchen" in type_("solution")


def test_a_reset_keeps_what_was_written(type_, tmp_path):
    type_("try", status=1)
    own = tmp_path / "here" / "workbook" / "08_two_in_one" / "server.py"
    own.write_text("mine\n")
    type_("reset", "two")
    assert "TODO" in own.read_text() and own.with_name("server.py.before").read_text() == "mine\n"


def test_watching_grades_at_each_save_and_goes_on_when_it_passes(type_, exercise, tmp_path, monkeypatch):
    waited = []

    def save(path):
        waited.append(path)
        solve(exercise, tmp_path)

    monkeypatch.setattr(ours, "_wait_for_a_change", save)
    said = type_("watch")
    assert "1 exercises are in workbook/ now. Each fails until you mend it" in said
    assert "Your file: workbook/08_two_in_one/server.py" in said and len(waited) == 1
    assert said.rstrip().endswith("All of them are solved. Now write a server of your own.")


def test_a_change_is_seen_by_time_or_size(tmp_path):
    path = tmp_path / "server.py"
    path.write_text("one")
    naps = []

    def sleep(seconds):
        naps.append(seconds)
        if len(naps) == 3:
            path.write_text("another")

    ours._wait_for_a_change(path, sleep)
    assert len(naps) == 3


def test_a_file_is_waited_for_while_an_editor_replaces_it(tmp_path):
    path = tmp_path / "server.py"
    path.write_text("one")
    naps = []

    def sleep(seconds):
        naps.append(seconds)
        if len(naps) == 1:
            path.unlink()
        if len(naps) == 3:
            path.write_text("another")

    ours._wait_for_a_change(path, sleep)
    assert len(naps) == 3


def test_a_file_that_was_removed_is_named_and_comes_back(type_, exercise, tmp_path):
    type_("list")
    type_("reset", "8")
    own = tmp_path / "here" / "workbook" / exercise.name / exercise.file
    own.unlink()
    with pytest.raises(LectureError, match=r"there is no .*server\.py: `lecture exercises reset 08_two_in_one` brings"):
        type_("try", "8")
    type_("reset", "8")
    assert own.is_file()


def test_an_unknown_name_lists_what_there_is(type_):
    with pytest.raises(LectureError, match="no exercise is called 'nine': 08_two_in_one"):
        type_("try", "nine")


def test_a_damaged_note_of_progress_is_named(type_, tmp_path):
    type_("try", status=1)
    (tmp_path / "here" / "workbook" / ".progress.json").write_text("{")
    with pytest.raises(LectureError, match="what was solved can't be read"):
        type_("list")


# --- for who writes them


def spoilt(exercise, file, change):
    path = exercise.folder / file
    path.write_text(change(path.read_text()))
    return [problem.message for problem in problems(exercise)]


def solution_of(exercise):
    return (exercise.folder / "solution" / "server.py").read_text()


def test_what_is_wrong_with_an_exercise_is_named(exercise):
    said = spoilt(exercise, "server.py", lambda text: solution_of(exercise))
    assert said == [
        "nothing in it says TODO: where does the student begin?",
        "it passes as it is given: there is nothing to do",
    ]


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("task.md", lambda text: text.replace("- R3:", "- R3: x\n- R4:"), "no check holds a program to rule R4"),
        ("task.md", lambda text: text.replace("- R3:", "R3:"), "a check cites rule 'R3', which the task doesn't have"),
        (
            "task.md",
            lambda text: text.replace("## Hints", "## Nothing"),
            "there is no hint: a list `1. …` below `## Hints`",
        ),
        ("task.md", lambda text: text[2:], "a task begins with its title: `# Two in one`"),
        ("check.py", lambda text: "def", "the checks can't be read: SyntaxError"),
        (
            "solution/server.py",
            lambda text: text.replace("one ", "two "),
            "the solution fails: orders, as it comes: R2",
        ),
        ("wrong/one_chunk/server.py", lambda text: "x = 1\n", "the first line of a wrong solution says what"),
        ("wrong/one_chunk/server.py", lambda text: '"""x"""\n1 / 0\n', "it fails for another reason than its mistake"),
        (
            "wrong/one_chunk/server.py",
            lambda text: text.replace(text.splitlines()[0], '"""Lines come whole."""'),
            "its first line says what 'first_line' believes",
        ),
        (
            "wrong/fingerprints.json",
            lambda text: text.replace('"orders: plain"', '"orders: never"').replace("orders: cut", "orders: none"),
            "it says how 'first_line' failed, which fails in another way now: `lecture exercises check --write`",
        ),
        ("wrong/fingerprints.json", lambda text: "{", "this is no JSON"),
    ],
)
def test_each_fault_of_an_exercise_has_its_sentence(exercise, file, change, said):
    assert any(one.startswith(said) for one in spoilt(exercise, file, change))


def test_two_mistakes_that_no_check_tells_apart_are_named(exercise):
    twin = shutil.copytree(exercise.folder / "wrong" / "one_chunk", exercise.folder / "wrong" / "twin") / "server.py"
    twin.write_text('"""Something else."""\n' + twin.read_text())
    assert "no schedule tells it from 'twin'" in next(problems(exercise)).message


def test_the_command_names_all_that_is_wrong(type_, exercise):
    assert type_("check").startswith("1 exercises are as they should be")
    (exercise.folder / "solution" / "server.py").write_text("x = 1\n")
    with pytest.raises(Failed):
        type_("check")


def test_how_wrong_solutions_fail_is_noted_when_asked_for(type_, exercise):
    path = exercise.folder / "wrong" / "fingerprints.json"
    noted = path.read_text()
    path.unlink()
    assert type_("check").startswith("1 exercises are as they should be") and not path.exists()
    type_("check", "--write")
    assert path.read_text() == noted


def test_a_mistake_is_named_by_what_was_noted_as_by_trying(type_, exercise, tmp_path):
    type_("list")
    own = tmp_path / "here" / "workbook" / exercise.name / exercise.file
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(exercise.wrong["one_chunk"].read_text())
    said = type_("try", status=1)
    (exercise.folder / "wrong" / "fingerprints.json").unlink()
    assert "Do you count on this? One dataReceived is one order." in said and type_("try", status=1) == said


def test_wrong_solutions_are_graded_once_and_not_for_what_does_not_run(type_, exercise, tmp_path, monkeypatch):
    (exercise.folder / "wrong" / "fingerprints.json").unlink()
    graded = []
    grade = ours.grade_confined
    for module in (ours, beliefs):
        monkeypatch.setattr(
            module, "grade_confined", lambda one, path, dice: graded.append(path.name) or grade(one, path, dice)
        )
    own = tmp_path / "here" / "workbook" / "08_two_in_one" / "server.py"
    type_("try", status=1)
    type_("try", status=1)
    assert len(graded) == 2 + len(exercise.wrong)
    own.write_text("1 / 0\n")
    beliefs._known.cache_clear()
    assert "Do you count on this?" not in type_("try", status=1)
    assert len(graded) == 3 + len(exercise.wrong)
