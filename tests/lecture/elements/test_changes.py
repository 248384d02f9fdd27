"""What changes between two stages of a program comes from the programs, change by change."""

from __future__ import annotations

import pytest

from lecture.elements.steps import Steps, counted
from lecture.errors import LectureError
from lecture.programs import Examples, use
from lecture.slides import Changes, Code, Slide, toHTML
from tests.support.page_reader import parse_fragment, text_of

ECHO = """class Echo:
    def connectionMade(self):
        print("made")

    def dataReceived(self, data):
        self.write(data)

    def connectionLost(self):
        print("lost")
"""
CHAT = ECHO.replace("Echo", "Guest").replace("self.write(data)", "for guest in guests:\n            guest.write(data)")


@pytest.fixture(autouse=True)
def examples(tmp_path):
    for name, text in {"1_echo": ECHO, "2_chat": CHAT, "3_other": "x = 1\n"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "server.py").write_text(text)
    with use(Examples(tmp_path)):
        yield


def lines_of(markup):
    body = parse_fragment(markup).find("body")
    return [(node.tag, text_of(node), node) for node in body.iter() if node.get("class") == "line"]


def test_a_page_shows_what_goes_and_what_comes_in_its_place():
    lines = [(tag, text) for tag, text, _ in lines_of(toHTML(Changes("1_echo/server.py", "2_chat/server.py")))]
    assert lines[:3] == [
        ("del", "− class Echo:"),
        ("ins", "+ class Guest:"),
        ("span", "      def connectionMade(self):"),
    ]
    assert [text for tag, text in lines if tag == "ins"][1:] == [
        "+         for guest in guests:",
        "+             guest.write(data)",
    ]
    assert "".join(text[2:] + "\n" for tag, text in lines if tag != "ins") == ECHO
    assert "".join(text[2:] + "\n" for tag, text in lines if tag != "del") == CHAT


def test_each_change_is_a_step_and_the_first_shows_the_stage_before():
    with counted(Steps()) as steps:
        lines = lines_of(toHTML(Changes("1_echo/server.py", "2_chat/server.py")))
    assert steps.last == 3
    assert [node.get("data-from") for tag, _, node in lines if tag == "ins"] == ["2", "3", "3"]
    assert [node.get("data-lit") for tag, _, node in lines if tag == "del"] == ["2 3", "3"]
    assert not any(node.get("data-from") or node.get("data-lit") for tag, _, node in lines if tag == "span")


def test_a_piece_may_have_had_another_name():
    markup = toHTML(Changes("1_echo/server.py", "2_chat/server.py", "Guest.dataReceived", was="Echo.dataReceived"))
    assert [tag for tag, _, _ in lines_of(markup)] == ["span", "del", "ins", "ins"]
    assert "1_echo/server.py → 2_chat/server.py" in markup


def test_both_pieces_count_as_shown():
    changes = Changes("1_echo/server.py", "2_chat/server.py", "Guest", was="Echo")
    shown = [(part.file, part.name) for part in Slide("S", changes).walk() if isinstance(part, Code)]
    assert shown == [("1_echo/server.py", "Echo"), ("2_chat/server.py", "Guest")]


@pytest.mark.parametrize(
    "after, said",
    [
        ("1_echo/server.py", "nothing changes from 1_echo/server.py to 1_echo/server.py: show one of them by Code"),
        ("3_other/server.py", "no line stays from 1_echo/server.py to 3_other/server.py: show each of them by Code"),
        ("4_none/server.py", "there is no program '4_none/server.py'"),
    ],
)
def test_stages_that_are_none_are_an_error_with_the_line_of_the_deck(after, said):
    with pytest.raises(LectureError, match=said) as raised:
        toHTML(Slide("S", Changes("1_echo/server.py", after)))
    assert raised.value.where.file.name == "test_changes.py"
