"""The page of exercises as the build writes it."""

import json

import pytest

from lecture.doom import lecture as talk
from lecture.errors import LectureError, Where
from lecture.exercises.folder import find_exercises
from lecture.outputs.pages import write_all, write_site
from lecture.outputs.play.exercises import practised
from lecture.programs import Examples, use
from lecture.slides import Lecture, Slide
from tests.support.traces import EXAMPLES, ROOT

NAMES = ("08_two_in_one", "27_somebody_left")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exercises")
    lecture = Lecture("Two", Slide("Orders & lines", "words", exercises=(8,)), Slide("Words", "only"))
    lecture.exercises = tuple(one for one in find_exercises(ROOT / "exercises") if one.name in NAMES)
    with use(Examples(EXAMPLES, folder / "cache")):
        write_all(lecture, folder / "site")
    return folder / "site"


def data(site, name):
    return json.loads((site / name).read_text("utf-8").partition(" = ")[2].removesuffix(";\n"))


def test_the_page_has_tasks_rules_hints_and_slides(site):
    page = (site / "exercises.html").read_text("utf-8")
    assert '<article id="08_two_in_one">' in page and "<dt>R3</dt><dd>The order <code>nothing</code>" in page
    assert "<summary>Hint 2 of 2</summary><p>Keep what has no line end yet.</p>" in page
    assert '<a href="slide-01.html">Slide 1: Orders &amp; lines</a>' in page


def test_solutions_are_in_a_script_of_their_own_and_nowhere_else(site):
    solution = data(site, "solutions.js")["08_two_in_one"]
    assert solution == (ROOT / "exercises" / NAMES[0] / "solution" / "server.py").read_text("utf-8")
    telling = "*orders, self.rest"
    assert telling in solution
    found = [path.name for path in site.rglob("*") if path.is_file() and telling in path.read_text("utf-8")]
    assert found == ["solutions.js"] and "solutions.js" not in (site / "exercises.html").read_text("utf-8")


def test_the_grader_is_given_programs_checks_and_what_people_believe(site):
    task = data(site, "tasks.js")["27_somebody_left"]
    assert task["file"] == "server.py" and sorted(task["programs"]) == ["menu.py", "server.py"]
    assert sorted(task["files"]) == ["check.py", "task.md"]
    beliefs = data(site, "mistakes.js")["08_two_in_one"]
    assert "One dataReceived is one order." in beliefs and "orders: plain" in beliefs["One dataReceived is one order."]


def test_slides_pages_and_contents_lead_there(site):
    assert 'To do: <a href="exercises.html#08_two_in_one">Two in one</a>' in (site / "slide-01.html").read_text()
    assert "exercises.html" not in (site / "slide-02.html").read_text()
    assert (site / "deck.html").read_text().count("exercises.html#08_two_in_one") == 1
    assert '<a class="tool" href="exercises.html">Exercises</a>' in (site / "index.html").read_text()


def test_what_runs_python_is_there_without_a_playground(site):
    assert {"library.js", "editor.js", "play.css", "stepper.js"} <= {path.name for path in site.iterdir()}
    assert not (site / "play.html").exists()


def test_only_a_deck_has_exercises(tmp_path):
    lecture = Lecture("One", Slide("Words", "only", exercises=(8,)))
    lecture.exercises = tuple(find_exercises(ROOT / "exercises"))
    write_site(lecture, tmp_path / "pages")
    assert not (tmp_path / "pages" / "exercises.html").exists()
    assert "exercises.html" not in (tmp_path / "pages" / "slide-01.html").read_text()


def test_exercises_beside_a_deck_are_its_own(tmp_path):
    (tmp_path / "exercises" / "1_first").mkdir(parents=True)
    (tmp_path / "exercises" / "1_first" / "task.md").write_text("# First\n")
    lecture = Lecture("One", Slide("Words", "only"))
    lecture.where = Where(tmp_path / "talk.py", 1)
    assert [one.name for one in practised(lecture).exercises] == ["1_first"]


def test_a_slide_that_names_an_exercise_which_is_not_there_is_named():
    lecture = Lecture("One", Slide("Words", "only", exercises=("nine",)))
    with pytest.raises(LectureError, match="there is no exercise 'nine'") as caught:
        practised(lecture)
    assert caught.value.slide == "Words"


def test_each_exercise_of_the_talk_has_one_slide_and_one_notebook():
    known = practised(talk)
    names = [one.name for one in known.exercises]
    assert sorted(one.name for some in known.slides.values() for one in some) == names
    numbers = [int(one.name.partition("_")[0]) for one in talk.exercises]
    assert sorted(number for topic in talk.topics for number in topic.exercises) == numbers


def test_of_each_exercise_of_the_talk_it_is_noted_how_the_wrong_solutions_fail():
    exercises = practised(talk).exercises
    lacking = [one.name for one in exercises if one.fingerprints.keys() != one.wrong.keys()]
    assert lacking == [], "run `lecture exercises check --write`"
