"""Holding what programs printed against what a session says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lecture.programs.compare import (
    MOST_DIFF_LINES,
    Result,
    command_fits,
    first_difference,
    line_fits,
    lines_fit,
    merge,
    rewrite,
    session_diff,
)
from lecture.programs.session import parse_session

PATH = Path("examples/02_echo/session.txt")


@pytest.mark.parametrize(
    ("pattern", "line", "fits"),
    [
        ("abc", "abc", True),
        ("abc", "abcd", False),
        ("", "", True),
        ("a[..]c", "abc", True),
        ("a[..]c", "ac", True),
        ("a[..]c", "acb", False),
        ("[..]", "", True),
        ("[..]b[..]", "abc", True),
        ("[..]b[..]", "ac", False),
        ("ab[..]ba", "aba", False),
        ("a[..]b[..]b", "abb", True),
        ("a[..]b[..]b", "ab", False),
        ("(.*)[..]", "(.*) x", True),
        ("a[...]", "a[...]", True),
    ],
)
def test_an_elision_inside_a_line_stands_for_any_text(pattern, line, fits):
    assert line_fits(pattern, line) is fits


@pytest.mark.parametrize(
    ("patterns", "lines", "fits"),
    [
        ([], [], True),
        ([], ["a"], False),
        (["[..]"], [], True),
        (["[..]"], ["a", "b"], True),
        (["a", "[..]"], ["a"], True),
        (["a", "[..]", "d"], ["a", "b", "c", "d"], True),
        (["a", "[..]", "d"], ["a", "d", "e"], False),
        (["[..]", "b[..]", "[..]", "d"], ["a", "bb", "bc", "d"], True),
        (["[..]", "x", "[..]"], ["a", "b"], False),
        (["a", "[..]", "a"], ["a"], False),
    ],
)
def test_an_elision_on_a_line_of_its_own_stands_for_any_number_of_lines(patterns, lines, fits):
    assert lines_fit(patterns, lines) is fits


def test_an_output_that_almost_fits_many_elisions_is_refused_at_once():
    assert not line_fits("a[..]" * 50 + "b", "a" * 5000)
    assert not lines_fit(["a", "[..]"] * 50 + ["b"], ["a"] * 5000)


def test_blanks_at_line_ends_and_empty_lines_at_the_end_do_not_count():
    (command,) = parse_session("$ ls\na\n\nb\n", PATH).commands
    assert command_fits(command, Result("a  \n\nb\n\n\n", 0))
    assert command_fits(command, Result("a\r\n\r\nb", 0))
    assert not command_fits(command, Result("a\nb\n", 0))


def test_the_status_must_be_the_one_that_is_written():
    (command,) = parse_session("$ ls\n[exit 2]\n", PATH).commands
    assert command_fits(command, Result("", 2))
    assert not command_fits(command, Result("", 0))


def test_rewriting_keeps_comments_empty_lines_and_elisions_that_still_fit():
    text = "# why\n\n$ one &\nport [..]\nold\n[..]\nbye\n[exit 1]\n\n$ two\nsame [..]\n"
    session = parse_session(text, PATH)
    results = [Result("port 7771\nnew\nx\ny\nbye\n", 0), Result("same again\n", 4)]
    assert rewrite(session, results) == "# why\n\n$ one &\nport [..]\nnew\n[..]\nbye\n\n$ two\nsame [..]\n[exit 4]\n"


def test_a_session_that_fits_is_rewritten_to_itself():
    text = "# why\n$ one\na [..]\n[..]\n\\$ 5\n\n\n$ two\n[exit 1]\n"
    assert rewrite(parse_session(text, PATH), [Result("a b\nc\n$ 5\n", 0), Result("", 1)]) == text


def test_a_rewritten_session_always_fits():
    session = parse_session("$ one\n[..]\nb\n[..]\na [..]\n[..]\n", PATH)
    for output in ("", "a\n", "b\nb\na c\n", "a x\nb\n", "[exit 1]\n$ ls\n\\$ x\n"):
        again = parse_session(rewrite(session, [Result(output, 1)]), PATH)
        assert command_fits(again.commands[0], Result(output, 1)), output


def test_merging_prefers_lines_that_fit_themselves_to_an_elision_that_swallows_them():
    assert merge(["[..]", "b [..]", "old"], ["a", "b 1", "c"]) == ["[..]", "b [..]", "c"]


def test_the_diff_has_the_line_numbers_of_the_file_and_only_what_differs():
    text = "# why\n$ one\nport [..]\nold\n"
    session = parse_session(text, PATH)
    results = [Result("port 7771\nnew\n", 0)]
    assert session_diff(session, results, text).split("\n") == [
        "--- 02_echo/session.txt",
        "+++ 02_echo/session.txt (what the programs did)",
        "@@ -1,4 +1,4 @@",
        " # why",
        " $ one",
        " port [..]",
        "-old",
        "+new",
    ]
    assert first_difference(session, results) == 4


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (Result("a\nx\n", 2), 3),
        (Result("a\nb\n", 0), 4),
        (Result("", 2), 2),
        (Result("a\nb\nc\n", 2), 4),
    ],
)
def test_the_first_difference_is_a_line_of_the_file(result, line):
    assert first_difference(parse_session("$ one\na\nb\n[exit 2]\n", PATH), [result]) == line


def steps_of(function, *arguments):
    """How many lines of ours and calls of others' it takes: a measure that doesn't depend on the machine."""
    steps = 0

    def count(frame, event, argument):
        nonlocal steps
        steps += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        function(*arguments)
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.parametrize("pattern", ["a[..]b[..]x", "[..]aab[..]aab[..]", "a[..]a[..]a[..]b"])
def test_a_long_line_is_compared_by_a_search_and_not_place_by_place(pattern):
    assert steps_of(line_fits, pattern, "a" * 900_000) < 1000


@pytest.mark.parametrize(
    "patterns", [["a", "[..]", "b", "[..]", "c"], ["[..]", "a", "b", "[..]"], ["[..]", "b[..]", "[..]"]]
)
def test_twice_as_many_lines_take_twice_as_long(patterns):
    steps = [steps_of(lines_fit, patterns, ["a"] * count) for count in (500, 1000, 2000)]
    assert steps[2] < 2.5 * steps[1] < 6.5 * steps[0]


@pytest.mark.parametrize("end", ["b", "c"])
def test_a_program_that_prints_half_a_million_lines_is_compared_in_no_time(end):
    lines = ["a"] * 450_000 + [end]
    assert lines_fit(["[..]", "a", "b", "[..]"], lines) is (end == "b")


def test_the_diff_of_a_long_output_is_cut():
    session = parse_session("$ python a.py\none\n[..]\ntwo\n", PATH)
    results = [Result("x\n" * 450_000, 0)]
    diff = session_diff(session, results, "$ python a.py\none\n[..]\ntwo\n").split("\n")
    assert diff[-1].startswith("… and 449,")
    assert len(diff) == MOST_DIFF_LINES + 1
    assert first_difference(session, results) == 2


PRINTED = [
    "[..]",
    "a [..] b",
    "\\[..]",
    "\\\\[..][..]",
    "$ [..]",
    "[exit [..]]",
    "\\$ x",
    "[...]",
    "[..",
    "x\\",
    "\\\\$ [..]",
]


@pytest.mark.parametrize("line", PRINTED)
def test_what_a_program_prints_is_written_down_so_that_only_it_fits(line):
    text = "$ python a.py\n"
    session = parse_session(rewrite(parse_session(text, PATH), [Result(f"{line}\n", 0)]), PATH)
    assert command_fits(session.commands[0], Result(f"{line}\n", 0))
    for other in [*PRINTED, "anything", f"x{line}", line.replace("[..]", "y")]:
        assert command_fits(session.commands[0], Result(f"{other}\n", 0)) is (other == line)


def test_an_elision_beside_an_escaped_one_stands_for_any_text():
    assert line_fits("\\[..] [..] end", "[..] is an elision, end")
    assert not line_fits("\\[..] [..] end", "it is an elision, end")
