"""`lecture exercises grade`: a class, on any executor; what is wrong with one submission harms no other."""

import csv
import json
import shutil
from concurrent.futures import Executor, ThreadPoolExecutor
from io import StringIO
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from lecture.cli import commands
from lecture.errors import LectureError
from lecture.exercises.classes import MOST_BYTES, Result, grade_class
from lecture.exercises.confined import end_idle_processes
from lecture.exercises.grade_command import _bar
from lecture.exercises.reports import as_csv, as_junit
from lecture.exercises.schedules import Dice


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left():
    yield
    end_idle_processes()


@pytest.fixture
def class_(exercise, tmp_path):
    """Hands in a program for a student: a path, or a text. Returns the student's folder."""

    def hand_in(student, program):
        folder = tmp_path / "class" / student / exercise.name
        folder.mkdir(parents=True)
        if isinstance(program, str):
            (folder / exercise.file).write_text(program)
        else:
            shutil.copy(program, folder / exercise.file)
        return folder.parent

    return hand_in


@pytest.fixture
def grade(exercise, tmp_path, monkeypatch):
    """Types `lecture exercises grade …` in an empty folder. Returns what it says."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def run(*words, status=0):
        words = ("exercises", "grade", "--exercises", str(exercise.folder.parent), *map(str, words))
        result = CliRunner().invoke(commands, words, standalone_mode=False)
        if result.exception:
            raise result.exception
        assert (result.return_value or 0) == status, result.output
        return result.output

    return run


def solution(exercise):
    return exercise.folder / "solution" / exercise.file


@pytest.mark.parametrize("executor", ["process", "thread", "cluster:make", "cluster:shared"])
def test_a_class_is_graded_on_any_executor(exercise, class_, grade, tmp_path, executor):
    folders = [class_("ann", solution(exercise)), class_("bob", exercise.wrong["first_line"])]
    (tmp_path / "class" / "cleo" / exercise.name).mkdir(parents=True)
    (tmp_path / "here" / "cluster.py").write_text(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "def make():\n    return ThreadPoolExecutor(2)\n"
        "shared = make()\n"
    )
    said = grade(*folders, tmp_path / "class" / "cleo", "--executor", executor).splitlines()
    assert said[0].split() == ["✓", "ann", exercise.name]
    assert said[1].startswith("✗ bob") and said[1].endswith("(Lines come whole.)") and " R2: " in said[1]
    assert said[2].split() == ["·", "cleo", exercise.name]
    assert said[3].startswith("1 passed, 1 failed, 1 missing, 0 error; hidden seeds from ")


def test_the_reports_say_the_same(exercise, class_, grade, tmp_path):
    folders = [class_("ann", solution(exercise)), class_("bob", exercise.wrong["first_line"])]
    files = [tmp_path / name for name in ("r.json", "r.csv", "r.xml")]
    grade(*folders, "--seed", 7, "--json", files[0], "--csv", files[1], "--junit", files[2])
    found = json.loads(files[0].read_text())
    assert found["first_seed"] == 7 and [one["outcome"] for one in found["results"]] == ["passed", "failed"]
    ann, bob = csv.DictReader(files[1].read_text().splitlines())
    assert (ann["student"], ann["outcome"], ann["rule"]) == ("ann", "passed", "")
    assert (bob["outcome"], bob["rule"], bob["schedule"], bob["belief"]) == (
        "failed",
        "R2",
        "cut 1",
        "Lines come whole.",
    )
    tree = ElementTree.parse(files[2]).getroot()
    assert (tree.get("tests"), tree.get("failures")) == ("2", "1")
    failure = tree.find("testsuite[@name='bob']/testcase/failure")
    assert failure.get("message").startswith("R2: ") and "Lines come whole." in failure.text


def test_one_that_hangs_one_that_raises_and_one_that_ends_its_process_harm_no_other(exercise, class_, monkeypatch):
    monkeypatch.setattr("lecture.exercises.confined.SECONDS", 0.5)
    programs = {
        "hangs": "while True:\n    pass\n",
        "raises": "1 / 0\n",
        "ends": "import os\nos._exit(0)\n",
        "fine": solution(exercise),
    }
    students = {name: class_(name, program) for name, program in programs.items()}
    with ThreadPoolExecutor(2) as executor:
        results = grade_class(students, [exercise], executor, Dice())
    assert [one.outcome for one in results] == ["failed", "failed", "failed", "passed"]
    hangs, raises, ends, _ = (one.failure for one in results)
    assert "after 0.5 seconds it was still busy in server.py:" in hangs.what and hangs.rule in exercise.rules
    assert raises.came == "ZeroDivisionError: division by zero (server.py, line 1)"
    assert ends.what == "it ended the grader: exit 0"


def test_each_result_is_told_while_others_are_still_graded(exercise, class_):
    students = {name: class_(name, solution(exercise)) for name in ("ann", "bob", "cid")}
    told, asked = [], []

    class Later:
        def __init__(self, job, args):
            self.job, self.args = job, args

        def result(self):
            asked.append([result.student for result in told])
            return self.job(*self.args)

    class Slow:
        def submit(self, job, *args):
            return Later(job, args)

    grade_class(students, [exercise], Slow(), Dice(), told.append)
    assert asked == [[], ["ann"], ["ann", "bob"]]


def test_in_a_terminal_a_bar_shows_how_many_are_graded_and_elsewhere_there_is_none(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    terminal, file = StringIO(), StringIO()
    terminal.isatty = lambda: True
    for where in (terminal, file):
        with _bar(12, where) as advance:
            for _ in range(12):
                advance()
    assert "12/12" in terminal.getvalue() and file.getvalue() == ""


def test_links_and_giants_are_not_graded_and_the_exit_status_says_so(exercise, class_, grade, tmp_path):
    fine, linked, giant = class_("fine", solution(exercise)), class_("linked", "x = 1\n"), class_("giant", "x")
    (linked / exercise.name / exercise.file).unlink()
    (linked / exercise.name / exercise.file).symlink_to(solution(exercise))
    (giant / exercise.name / exercise.file).write_text("#" * (MOST_BYTES + 1))
    said = grade(fine, linked, giant, "--executor", "thread", status=1).splitlines()
    assert said[0].startswith("✓ fine")
    assert said[1].endswith("server.py is a link: hand in the file itself")
    assert said[2].endswith("server.py has 1,000,001 bytes, more than 1,000,000")


class Breaks(Executor):
    """Loses the first job, and can take no more than two."""

    count = 0

    def submit(self, function, *args):
        self.count += 1
        if self.count > 2:
            raise RuntimeError("the cluster is gone")
        with ThreadPoolExecutor(1) as executor:
            return executor.submit(lambda: function(*args) if self.count > 1 else 1 / 0)


def test_an_executor_that_loses_jobs_is_told_for_each_of_them(exercise, class_):
    students = {name: class_(name, solution(exercise)) for name in ("ann", "bob", "cleo")}
    results = grade_class(students, [exercise], Breaks(), Dice())
    assert [one.outcome for one in results] == ["error", "passed", "error"]
    assert results[0].error == "ZeroDivisionError: division by zero"
    assert results[2].error == "RuntimeError: the cluster is gone"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--executor", "snail"],
            "--executor 'snail': choose process, thread, or MODULE:NAME such as cluster:make",
        ),
        (["--executor", "nowhere:x"], "--executor 'nowhere:x': ModuleNotFoundError: No module named 'nowhere'"),
        (["--executor", "json:x"], "--executor 'json:x': AttributeError: module 'json' has no attribute 'x'"),
        (["--executor", "builtins:dict"], "--executor 'builtins:dict': a dict is no executor: it has no `submit`"),
        (["--only", "soup"], "no exercise is called 'soup': 08_two_in_one"),
        (["--csv", "nowhere/r.csv"], "cannot write a report to nowhere/r.csv: there is no folder nowhere"),
    ],
)
def test_what_can_not_be_done_is_said_before_anything_is_graded(exercise, class_, grade, words, said):
    with pytest.raises(LectureError) as problem:
        grade(class_("ann", solution(exercise)), *words)
    assert problem.value.message == said


def test_a_folder_without_a_submission_is_named(exercise, grade, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(LectureError, match=r"nothing to grade in .*empty: .* such as 08_two_in_one/server.py in it"):
        grade(tmp_path / "empty")


def test_one_who_handed_in_something_else_keeps_nobody_from_being_graded(exercise, class_, grade, tmp_path):
    (tmp_path / "class" / "ida").mkdir(parents=True)
    (tmp_path / "class" / "ida" / "homework.docx").touch()
    said = grade(class_("ann", solution(exercise)), tmp_path / "class" / "ida", "--executor", "thread").splitlines()
    assert said[0].startswith("there is nothing to grade in ") and "ida: a submission is a workbook" in said[0]
    assert [line.split() for line in said[1:3]] == [["✓", "ann", exercise.name], ["·", "ida", exercise.name]]


def test_the_list_says_why_a_program_does_not_run(class_, grade):
    said = grade(class_("ann", "def (\n"), "--executor", "thread").splitlines()
    assert said[0].endswith("runs: nobody can connect to port 7771: SyntaxError: invalid syntax (server.py, line 1)")


def test_two_students_of_one_name_are_told_apart_by_their_folders(exercise, class_, grade):
    folders = class_("monday/ann", solution(exercise)), class_("friday/ann", exercise.wrong["one_chunk"])
    said = grade(*folders, "--executor", "thread").splitlines()
    assert "monday/ann" in said[0] and "friday/ann" in said[1]


def test_a_report_holds_what_a_program_prints_without_being_a_formula_or_broken_xml():
    error = Result("=ann", "08_two_in_one", "error", error="=1+1\x00")
    assert list(csv.reader(as_csv([error]).splitlines()))[1][0] == "'=ann"
    assert ElementTree.fromstring(as_junit([error])).find("testsuite/testcase/error").get("message") == r"=1+1\x00"
