"""Questions have their answers folded for readers, open for the speaker, and proved by a run where one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from lecture import programs
from lecture.elements.element import Aside
from lecture.errors import LectureError
from lecture.programs import Entry, Transcript
from lecture.slides import Ask, Bullet, Code, Cue, Lecture, Notes, Slide, toHTML
from tests.support.example_folder import Folder
from tests.support.page_reader import dangers, parse_fragment, text_of

ENTRIES = (Entry("python server.py &", "listening\nheard hello world\n"), Entry("python client.py", "took 0.03 s\n"))
QUESTION = "Who speaks *first*?"


class FakeExamples(programs.Examples):
    """One session, with no files behind it."""

    def __init__(self):
        super().__init__(Path("examples"))

    def transcript(self, example):
        if example != "03_echo":
            raise LectureError(f"the example {example!r} has no session.txt")
        return Transcript(example, Path(example) / "session.txt", ENTRIES)


@pytest.fixture(autouse=True)
def examples():
    with programs.use(FakeExamples()):
        yield


def drawn(*args, **kwargs):
    return parse_fragment(toHTML(Ask(*args, **kwargs))).find("body")


def test_a_reader_sees_the_question_and_unfolds_the_answer():
    details = drawn(QUESTION, "The *client*.\n\nAlways.").find(".//details")
    assert details.get("class") == "ask" and details.get("open") is None
    assert text_of(details.find("summary")) == "Who speaks first?"
    assert details.find("summary/em") is not None
    assert [text_of(part) for part in details.findall("div[@class='answer']/p")] == ["The client.", "Always."]


def test_the_speaker_sees_question_and_answer_at_once():
    body = parse_fragment(Ask(QUESTION, "The client.").spoken()).find("body")
    assert body.find(".//details") is None
    assert text_of(body.find(".//div[@class='ask']/div[@class='question']")) == "Who speaks first?"
    assert text_of(body.find(".//div[@class='answer']")).strip() == "The client."


def test_a_proof_is_shown_with_the_name_of_its_run():
    figure = drawn(QUESTION, "The client.", run="03_echo", shows="hello world").find(".//figure[@class='proof']")
    assert text_of(figure.find(".//samp")) == "hello world"
    assert text_of(figure.find("figcaption")) == "printed by 03_echo"


@pytest.mark.parametrize(
    "shows",
    ["hello world", "listening\nheard hello world", "ening\nheard", "took 0.[..] s", "heard hello world\n"],
)
def test_a_proof_may_be_part_of_a_line_or_lines_in_a_row_and_leave_out_what_differs(shows):
    Ask("q?", "a", run="03_echo", shows=shows).check_proof()


@pytest.mark.parametrize("shows", ["goodbye", "hello world\nlistening", "hello world\ntook", "took 1.[..] s"])
def test_a_run_that_printed_something_else_stops_the_build_at_the_line_of_the_deck(shows):
    slide = Slide("Echo", Bullet("x"), Ask("q?", "a", run="03_echo", shows=shows))
    with pytest.raises(LectureError, match="the run of '03_echo' did not print") as caught:
        [toHTML(part) for part in slide.walk() if isinstance(part, Ask)]
    assert caught.value.where == slide.bullets[1].where
    assert caught.value.diff == "listening\nheard hello world\ntook 0.03 s"


def test_a_proof_can_name_the_command_that_has_to_print_it():
    Ask("q?", "a", run="03_echo", shows="listening", command="python server.py &").check_proof()
    with pytest.raises(LectureError, match=r"`python client.py` in '03_echo' did not print 'listening'"):
        Ask("q?", "a", run="03_echo", shows="listening", command="python client.py").check_proof()
    with pytest.raises(LectureError, match=r"has no command `python x.py`; it has `python server.py &`, `python"):
        Ask("q?", "a", run="03_echo", shows="listening", command="python x.py").check_proof()


def test_an_example_that_is_not_there_is_said_to_be_missing():
    with pytest.raises(LectureError, match="the example '04_gone' has no session"):
        toHTML(Ask("q?", "a", run="04_gone", shows="x"))


@pytest.mark.parametrize(
    ("args", "kwargs", "message"),
    [
        ((" ", "a"), {}, "the question of an Ask is ' '"),
        (("q?", ""), {}, "the answer of an Ask is ''"),
        (("q?", None), {}, "the answer of an Ask is None"),
        (("q?", "a"), {"run": "03_echo"}, "a proof is a run and what it shows"),
        (("q?", "a"), {"shows": "hello"}, "a proof is a run and what it shows"),
        (("q?", "a"), {"command": "python client.py"}, "a proof is a run and what it shows"),
        (("q?", "a", "print()"), {}, r"'print\(\)' can't stand in an answer: write Code"),
    ],
)
def test_what_is_no_question_is_refused_with_its_line(args, kwargs, message):
    with pytest.raises(LectureError, match=message) as caught:
        Ask(*args, **kwargs)
    assert caught.value.where.file.name == "test_questions.py"


def test_nothing_in_a_question_or_an_answer_can_run():
    evil = "<script>alert(1)</script> [x](javascript:alert(1))"
    ask = Ask(evil, evil)
    assert not dangers(toHTML(ask)) and not dangers(ask.spoken())


def test_questions_notes_and_cues_are_not_on_the_slide():
    slide = Slide("t", Bullet("x"), Notes("said"), Cue("wait"), Ask("asked?", "answered", Code("a/b.py")))
    assert not any(word in toHTML(slide) for word in ("said", "wait", "asked", "answered", "b.py"))


def test_a_cue_is_for_the_speaker_and_for_no_reader():
    told = [part for part in Slide("t", Notes("said"), Cue("wait"), Ask("q?", "a")).walk() if isinstance(part, Aside)]
    assert [part.for_readers for part in told] == [True, False, True]
    assert "wait" in told[1].spoken()


def test_a_page_has_notes_and_questions_and_no_cues(tmp_path):
    slide = Slide("t", Notes("said"), Cue("wait for it"), Ask("asked?", "answered", run="03_echo", shows="hello"))
    Lecture("L", slide).renderHTML(tmp_path, "p%d.html")
    page = (tmp_path / "p1.html").read_text()
    run = ' data-run data-example="03_echo" data-shows="hello"'
    assert "said" in page and f'<details class="ask"{run}><summary>asked?</summary>' in page
    assert not any("wait for it" in path.read_text() for path in tmp_path.glob("*.html"))


def test_a_session_that_this_machine_cannot_run_proves_by_what_it_printed_elsewhere(tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    folder = Folder(tmp_path)
    folder.write("15_window", "# needs: no_such_module\n$ python main.py\nhello [..] window\n", main="print(1)\n")
    with programs.use(folder.examples()):
        Ask("q?", "a", run="15_window", shows="window").check_proof()
        with pytest.raises(LectureError, match="did not print 'door'"):
            Ask("q?", "a", run="15_window", shows="door").check_proof()


def test_a_wrong_program_can_prove_what_happens_when_one_does_it_wrong(tmp_path):
    folder = Folder(tmp_path)
    folder.write("01_sum", "$ python main.py\n3\n", main="print(1 + 2)\n")
    folder.write("01_sum/wrong", None)
    folder.write(
        "01_sum/wrong/text", "# Text.\n# fails: it is put together\n$ python main.py\n12\n", main="print('12')\n"
    )
    with programs.use(folder.examples()):
        Ask("q?", "a", run="01_sum/wrong/text", shows="12").check_proof()
        with pytest.raises(LectureError, match="'01_sum/wrong/text' did not print '3'"):
            Ask("q?", "a", run="01_sum/wrong/text", shows="3").check_proof()
