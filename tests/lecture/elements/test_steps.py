"""Steps: what appears later says so when a slide is drawn to be presented, and only then."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lecture import programs
from lecture.decks.markdown import load_markdown
from lecture.elements.steps import Steps, counted
from lecture.errors import LectureError
from lecture.programs import Entry, Transcript
from lecture.slides import PRE, Bullet, Markdown, Notes, NumSlide, Session, Slide, Step, SubBullet, TitleSlide, toHTML
from tests.support.page_reader import parse_fragment, text_of

TEXT = "one\ntwo\nthree\n"


def presented(*things):
    """The slide's markup when it is drawn with steps, and the counter."""
    with counted(Steps()) as steps:
        return parse_fragment(toHTML(Slide("S", *things))).find("body"), steps


def later(body):
    return [(text_of(node).strip(), node.get("data-from")) for node in body.iter() if node.get("data-from")]


def lit(body):
    lines = [node for node in body.iter("span") if node.get("class") == "line"]
    return [node.get("data-lit") for node in lines]


def test_what_stands_after_a_step_appears_one_step_later():
    body, steps = presented(Bullet("a"), Step(), Bullet("b"), Step(), "words ", Markdown("*and* more"))
    assert later(body) == [("b", "2"), ("words", "3"), ("and more", "3")]
    assert steps.last == 3


def test_a_step_counts_in_the_lists_below_a_point_too():
    body, steps = presented(Bullet("a", SubBullet(Bullet("b"), Step(), Bullet("c"))), Step(), Bullet("d"))
    assert later(body) == [("c", "2"), ("d", "3")]
    assert steps.last == 3


def test_a_page_shows_all_steps_and_says_nothing_of_them():
    page = toHTML(Slide("S", Bullet("a"), Step(), Bullet("b"), PRE(TEXT, highlight=[(1,), (3,)])))
    assert "data-" not in page
    assert re.findall("<mark>(.*?)</mark>", page) == ["one", "three"]
    assert len(re.findall("<ul>", page)) == 1


def test_groups_of_lines_are_lit_one_after_the_other():
    body, steps = presented(PRE(TEXT, highlight=[(1, 2), "three", (2,)]), Bullet("there from the first step"))
    assert lit(body) == ["1", "1 3", "2"]
    assert later(body) == []
    assert steps.last == 3


def test_two_listings_light_their_lines_in_turn():
    body, _ = presented(PRE(TEXT, highlight=[(1,), (2,)]), PRE(TEXT, highlight=[(3,), ()]), Step(), Bullet("last"))
    assert lit(body) == ["1", "2", "", "", "", "3"]
    assert later(body) == [("last", "5")]


def test_one_group_is_lit_all_the_time():
    body, steps = presented(PRE(TEXT, highlight=(2, 3)))
    assert [text_of(node) for node in body.iter("mark")] == ["two", "three"]
    assert steps.last == 1


@pytest.mark.parametrize(
    "highlight, said",
    [
        ([(1,), 2], "cannot highlight 2 beside groups of lines: write (2,)"),
        ([(1,), (4,)], "cannot highlight line 4 of the quotation: it has lines 1 to 3"),
        ([(1,), "four"], "cannot highlight 'four': it does not occur in the excerpt of the quotation"),
        ((0,), "cannot highlight line 0 of the quotation"),
    ],
)
def test_lines_that_cannot_be_lit_are_named(highlight, said):
    with pytest.raises(LectureError, match=re.escape(said)):
        toHTML(PRE(TEXT, highlight=highlight))


class Terminal(programs.Examples):
    """One session, with no files behind it."""

    def __init__(self, *entries):
        super().__init__(Path("examples"))
        self.entries = entries

    def transcript(self, example):
        return Transcript(example, Path(example) / "session.txt", self.entries)


def test_a_session_in_steps_types_a_command_before_it_shows_what_it_printed():
    entries = Entry("python server.py &", "listening\n"), Entry("python client.py", ""), Entry("wait", "done\n")
    with programs.use(Terminal(*entries)):
        body, steps = presented(Session("03", steps=True))
    assert later(body) == [("listening", "2"), ("$ python client.py", "2"), ("$ wait", "3"), ("done", "4")]
    assert steps.last == 4


def test_a_session_has_no_step_in_which_nothing_happens():
    with programs.use(Terminal(Entry("true", ""))):
        assert presented(Session("03", steps=True))[1].last == 1
    with programs.use(Terminal()):
        assert presented(Session("03", steps=True))[1].last == 1


def test_notes_belong_to_the_step_that_they_follow():
    _, steps = presented(Notes("first"), Step(), Bullet("b"), Notes("second"))
    assert [(step, note.text) for step, note in steps.asides] == [(1, "first"), (2, "second")]


@pytest.mark.parametrize("minutes", [0, -1, float("nan"), float("inf"), "2", None, True])
def test_a_slide_takes_some_time_or_the_error_names_it_and_its_line(minutes):
    with pytest.raises(LectureError, match=re.escape(f"a slide can't take {minutes!r} minutes")) as raised:
        Slide("S", Bullet("a"), minutes=minutes)
    assert raised.value.slide == "S"
    assert raised.value.where.file == Path(__file__)


def test_short_is_yes_or_no():
    assert [slide.short for slide in (Slide("S"), NumSlide("S", short=True), TitleSlide("S", minutes=2))] == [0, 1, 0]
    with pytest.raises(LectureError, match="short='yes' is neither True nor False"):
        Slide("S", short="yes")


def test_a_step_holds_nothing():
    with pytest.raises(LectureError, match=r"Step\(\) holds nothing: write it before what appears later"):
        Step(Bullet("a"))


@pytest.fixture
def deck(tmp_path):
    def load(text):
        (tmp_path / "talk.md").write_text(text)
        return load_markdown(tmp_path / "talk.md")

    return load


def kinds(slide):
    return [type(thing).__name__ for thing in slide.children()]


def test_markdown_has_steps_minutes_and_the_short_way(deck):
    lecture = deck("# T\n## One {minutes=2.5 short}\n- a\n\n<!-- step -->\n- b\n## Two {.numbered minutes=3}\n1. x\n")
    one, two = lecture.slides
    assert (one.title, one.minutes, one.short, kinds(one)) == ("One", 2.5, True, ["Bullet", "Step", "Bullet"])
    assert (two.title, two.minutes, two.short, type(two)) == ("Two", 3.0, False, NumSlide)


def test_a_step_in_a_list_of_markdown_is_a_step_too(deck):
    (slide,) = deck("# T\n## S\n- a\n  <!-- step -->\n- b\n").slides
    with counted(Steps()) as steps:
        toHTML(slide)
    assert steps.last == 2


def test_markdown_lights_lines_group_by_group(deck):
    lecture = deck("# T\n## S\n```python {1|2-3|all}\na\nb\nc\n```\n::code 01/a.py f 1|2-3\n::session 01 steps\n")
    quotation, code, session = lecture.slides[0].children()
    assert quotation.highlight == [[1], [2, 3], []]
    assert code.highlight == [[1], [2, 3]]
    assert session.steps


def test_settings_of_a_slide_say_its_minutes_in_decks_of_others(deck):
    lecture = deck("---\ntitle: T\n---\n\n# A\n\n---\nminutes: 4\nshort: true\n---\n\n# B\n\n<!-- step -->\n\ntext\n")
    assert [(slide.minutes, slide.short) for slide in lecture.slides] == [(1.0, False), (4.0, True)]
    assert kinds(lecture.slides[1]) == ["Step", "Markdown"]


@pytest.mark.parametrize(
    "text, line, said",
    [
        ("# T\n## S {minutes=soon}\n", 2, "'soon' is no number of minutes: write minutes=1.5"),
        ("# T\n## S {minutes=0}\n", 2, "a slide can't take 0.0 minutes"),
        ("---\ntitle: T\n---\n\n# A\n\n---\nshort: maybe\n---\n\n# S\n", 8, "short: maybe is neither true nor false"),
        ("# T\n## S\ntext <!-- step --> more\n", 3, "write <!-- step --> on a line by itself"),
        ("# T\n## S {.wrong minutes=2}\n", 2, "there is no slide of the kind {.wrong}"),
    ],
)
def test_markdown_that_can_t_be_meant_is_named_with_its_line(deck, text, line, said):
    with pytest.raises(LectureError, match=re.escape(said)) as raised:
        deck(text)
    assert abs(raised.value.where.line - line) <= 2


def test_braces_in_a_title_that_are_no_settings_are_words(deck):
    assert deck("# T\n## The set {a, b}\n").slides[0].title == "The set {a, b}"
