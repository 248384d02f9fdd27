"""A session too long for a pane is shown in parts, and loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from lecture import programs
from lecture.elements.session_parts import in_parts
from lecture.programs import Entry, Transcript
from lecture.slides import Session, toHTML
from tests.support.page_reader import parse_fragment, text_of

TWO = (Entry("one", "a\nb\n"), Entry("two", "c\n"))
LONG = (Entry("long", "".join(f"line {n}\n" for n in range(25)), 1), Entry("last", ""))


class Terminal(programs.Examples):
    """One session, with no files behind it."""

    def __init__(self, entries, remark=""):
        super().__init__(Path("examples"))
        self.entries, self.remark = entries, remark

    def transcript(self, example):
        return Transcript(example, Path(example) / "session.txt", tuple(self.entries), self.remark)


def parts(entries, rows, columns=80, **how):
    with programs.use(Terminal(entries, **how)):
        return in_parts(Session("03_echo"), rows, columns)


def rows_of(part):
    body = parse_fragment(toHTML(part)).find("body")
    return [line for pre in body.iter("pre") for line in text_of(pre).split("\n")]


def test_a_session_that_fits_stays_as_it_is():
    (whole,) = parts(TWO, rows=5)
    assert type(whole) is Session


def test_a_part_begins_with_a_command():
    assert [rows_of(part) for part in parts(TWO, rows=4)] == [["$ one", "a", "b"], ["$ two", "c"]]


@pytest.mark.parametrize("rows", [2, 3, 7, 10, 26])
def test_a_long_output_goes_on_in_the_next_part_and_nothing_is_lost(rows):
    shown = [rows_of(part) for part in parts(LONG, rows)]
    assert [line for part in shown for line in part] == ["$ long", *(f"line {n}" for n in range(25)), "$ last"]
    assert max(map(len, shown)) <= rows


def test_lines_that_break_count_as_often_as_they_do():
    assert len(parts([Entry("one", "x" * 300 + "\n"), Entry("two", "")], rows=5, columns=100)) == 1
    assert len(parts([Entry("one", "x" * 301 + "\n"), Entry("two", "")], rows=5, columns=100)) == 2


def test_a_remark_stands_below_the_last_part():
    remarked = ["Not on Twisted" in toHTML(part) for part in parts(TWO, rows=4, remark="it runs once")]
    assert remarked == [False, True]


def test_a_part_knows_where_its_session_stands():
    assert all(part.where.file == Path(__file__) for part in parts(TWO, rows=3))
