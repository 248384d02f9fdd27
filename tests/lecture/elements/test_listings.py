"""Code and terminals on slides show what `lecture.programs` vouches for, with its place and the lines that matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from lecture import programs
from lecture.elements.steps import Steps, counted
from lecture.errors import LectureError
from lecture.programs import Entry, Excerpt, Transcript
from lecture.slides import PRE, Code, Lecture, Session, Slide, toHTML
from tests.support.page_reader import parse_fragment, text_of

SERVER = "class Echo(Protocol):\n    def dataReceived(self, data):\n        self.transport.write(data)  # <&>\n"
SESSION = (Entry("python server.py &", "listening\n"), Entry("python client.py", "a < b\n\nc\n"), Entry("wait %1", ""))


class FakeExamples(programs.Examples):
    """One program and one session, with no files behind them."""

    def __init__(self, entries=SESSION, text=SERVER, language="python"):
        super().__init__(Path("examples"))
        self.entries, self.text, self.language = entries, text, language

    def excerpt(self, file, name=None):
        if file != "02_echo/server.py":
            raise LectureError(f"there is no program {file!r}")
        lines = len(self.text.splitlines())
        return Excerpt(self.text, Path(file), 5, 4 + lines, self.language)

    def transcript(self, example):
        return Transcript(example, Path(example) / "session.txt", tuple(self.entries))


@pytest.fixture(autouse=True)
def examples():
    with programs.use(FakeExamples()):
        yield


def body_of(thing):
    return parse_fragment(toHTML(thing)).find("body")


def test_code_shows_the_excerpt_to_the_letter_with_its_file_and_lines():
    body = body_of(Code("02_echo/server.py", "Echo"))
    assert text_of(body.find(".//pre")) == SERVER.rstrip("\n")
    assert text_of(body.find(".//figcaption")) == "02_echo/server.py lines 5–7"
    assert body.find(".//span[@class='k']") is not None


def test_one_line_of_code_is_called_a_line():
    with programs.use(FakeExamples(text="x = 1\n")):
        assert text_of(body_of(Code("02_echo/server.py")).find(".//figcaption")).endswith(" line 5")


def marked(**how):
    return [text_of(node) for node in body_of(Code("02_echo/server.py", "Echo", **how)).iter("mark")]


def test_lines_are_highlighted_by_their_number_in_the_excerpt():
    lines = SERVER.splitlines()
    assert marked(highlight=(1, 3)) == [lines[0], lines[2]]
    assert marked(highlight=[2]) == [lines[1]]
    assert marked() == []


def test_lines_are_highlighted_by_what_they_say():
    lines = SERVER.splitlines()
    assert marked(highlight="data)") == lines[1:]
    assert marked(highlight="data):\n        self.transport") == lines[1:]


@pytest.mark.parametrize("highlight", [(0,), (4,), (-1,), ("2",), (None,), "not there"])
def test_what_cannot_be_highlighted_is_named_with_its_line(highlight):
    with pytest.raises(LectureError, match="cannot highlight") as caught:
        toHTML(Slide("Echo", Code("02_echo/server.py", "Echo", highlight=highlight)))
    assert caught.value.where.file.name == "test_listings.py"


def test_a_program_that_is_missing_is_named_with_slide_and_line(tmp_path):
    with pytest.raises(LectureError) as caught:
        Lecture("t", Slide("Echo", Code("02_echo/gone.py"))).renderHTML(tmp_path, "t-%d.html")
    assert (caught.value.slide, caught.value.where.file.name) == ("Echo", "test_listings.py")


def test_a_session_is_a_terminal_for_each_command():
    terminals = [text_of(node) for node in body_of(Session("02_echo")).iter("pre")]
    assert terminals == ["$ python server.py &\nlistening", "$ python client.py\na < b\n\nc", "$ wait %1"]
    assert [text_of(node) for node in body_of(Session("02_echo")).iter("kbd")] == [entry.command for entry in SESSION]


def test_two_commands_are_a_pair():
    assert "pair" not in toHTML(Session("02_echo"))
    with programs.use(FakeExamples(entries=SESSION[:2])):
        assert "pair" in toHTML(Session("02_echo"))


def test_a_command_that_printed_nothing_has_no_output():
    with programs.use(FakeExamples(entries=SESSION[2:])):
        assert body_of(Session("02_echo")).find(".//samp") is None


def test_a_listing_carries_its_measure():
    assert 'style="--rows:3;--columns:41"' in toHTML(Code("02_echo/server.py"))
    assert 'style="--rows:1;--columns:1"' in toHTML(PRE(""))
    assert 'style="--rows:2;--columns:5"' in toHTML(PRE("\tx\n\n"))


def test_a_low_listing_with_long_lines_asks_for_the_whole_width():
    assert 'class="listing wide"' in toHTML(PRE("x" * 80))
    assert 'class="listing"' in toHTML(PRE("x" * 80 + "\n" * 30))
    assert 'class="listing short"' in toHTML(PRE("x"))


def test_highlighting_keeps_every_line_whole_when_a_token_spans_several():
    with programs.use(FakeExamples(text='"""a\nb\nc"""\n')):
        assert marked(highlight=(2,)) == ["b"]


def test_other_languages_are_coloured_too():
    with programs.use(FakeExamples(text="<b>x</b>\n", language="html")):
        assert text_of(body_of(Code("02_echo/server.py")).find(".//pre")) == "<b>x</b>"


def test_a_listing_that_scrolls_on_a_telephone_is_reached_by_the_keyboard_and_has_a_name():
    pre = body_of(Code("02_echo/server.py", "Echo")).find(".//pre")
    assert (pre.get("tabindex"), pre.get("role")) == ("0", "group")
    assert pre.get("aria-label") == "02_echo/server.py lines 5–7"
    assert body_of(PRE("x" * 32)).find(".//pre").get("aria-label") == "Code"
    assert body_of(PRE("x" * 31)).find(".//pre").get("tabindex") is None


def test_a_listing_that_is_presented_is_no_stop_of_the_keyboard():
    with counted(Steps()):
        assert body_of(Code("02_echo/server.py", "Echo")).find(".//pre").get("tabindex") is None
