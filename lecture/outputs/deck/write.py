"""The file deck.html, and the scripts and stylesheets that go with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from lecture.exercises.folder import Exercise
from lecture.outputs.deck.section import Section, section
from lecture.outputs.publish import own_file
from lecture.slides import Lecture

if TYPE_CHECKING:
    import jinja2

DECK = "deck.html"
RUNTIME = ("deck.js", "deck.css")  # what site/ makes for it


def draw_deck(lecture: Lecture, page: Callable[[int], str]) -> list[Section]:
    """Every slide for presenting. page: the name of the reading page of the slide with a number.

    Raises LectureError, which names the slide, when something can't be drawn.
    """
    return [section(slide, number, quote(page(number))) for number, slide in enumerate(lecture.slides, 1)]


def deck_files(
    lecture: Lecture,
    sections: Sequence[Section],
    contents: str,
    markup: jinja2.Environment,
    places: Mapping[str, str] | None = None,
    practised: Mapping[int, Sequence[Exercise]] | None = None,
) -> dict[str, bytes]:
    """The files of the deck. contents: the page of contents of the reading pages. markup: where templates are.

    places: the programs that slides offer to the playground, by the ids of the slides; none without.
    practised: the exercises that slides lead to, by their numbers; none without.
    """
    known = {"lecture": lecture, "sections": sections, "contents": quote(contents)}
    whole = markup.get_template("deck.html").render(known, places=places or {}, practised=practised or {})
    return {DECK: whole.encode("utf-8", "replace"), **{name: own_file(name) for name in RUNTIME}}
