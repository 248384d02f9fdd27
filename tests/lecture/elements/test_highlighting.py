"""Colours of code: what has none gets no markup, and every one that is written has its rule in both stylesheets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lecture.elements.highlighting import highlighted_lines
from lecture.errors import LectureError

SHEETS = Path(__file__).parents[3] / "site" / "css"
EVERY_COLOUR = {
    "python": 'class A:\n    x = print(7, "s")  # why\n',
    "diff": "-gone\n+new\n",
    "console": "$ ls\na file\n",
}


def test_what_has_no_colour_gets_no_markup():
    assert highlighted_lines("a.b(c)", "python") == "a.b(c)"


def test_neighbours_of_one_colour_share_a_span():
    assert highlighted_lines("x = b'1' is not None", "python") == (
        "x = <span class=\"s\">b'1'</span> "
        '<span class="k">is</span> <span class="k">not</span> '
        '<span class="k">None</span>'
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("def", "k"),
        ("'words'", "s"),
        ("# said", "c"),
        ("@property", "nf"),
        ("self", "nb"),
        ("ValueError", "nb"),
        ("0x1f", "m"),
    ],
)
def test_a_token_has_the_colour_of_its_kind(code, kind):
    assert highlighted_lines(code, "python") == f'<span class="{kind}">{code}</span>'


def test_a_string_over_several_lines_has_a_span_on_each():
    assert highlighted_lines('"""a\nb"""', "python").split("\n") == [
        '<span class="s">"""a</span>',
        '<span class="s">b"""</span>',
    ]


@pytest.mark.parametrize(("sheet", "within"), [("deck.css", ".reveal "), ("read.css", "")])
def test_every_colour_that_is_written_has_a_rule(sheet, within):
    written = "".join(highlighted_lines(text, language) for language, text in EVERY_COLOUR.items())
    found = set(re.findall(r'class="([^"]+)"', written))
    rules = (SHEETS / sheet).read_text()
    assert found == {"k", "s", "c", "nf", "nb", "m", "gd", "gi", "go"}
    assert [name for name in sorted(found) if f"\n{within}.{name} {{ color:" not in rules] == []


def test_a_language_without_colours_is_refused_by_its_name():
    with pytest.raises(LectureError, match="no colours for the language 'klingon'"):
        highlighted_lines("Qapla'", "klingon")
