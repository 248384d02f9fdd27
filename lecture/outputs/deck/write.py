"""The file deck.html, and the scripts and stylesheets that go with it.

What the speaker says is in a script of its own, notes.js. It is as long as all that stands on the slides, and the
audience, with its phones on a slow network, never loads it: only the speaker's window does (site/src/deck/notes.ts).
"""

from __future__ import annotations

import json
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
NOTES = "notes.js"
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
    files = {name: own_file(name) for name in RUNTIME}
    return {DECK: whole.encode("utf-8", "replace"), NOTES: _notes_script(sections), **files}


def _notes_script(sections: Sequence[Section]) -> bytes:
    """What the speaker says: first step, last step and HTML, by the ids of the slides."""
    slides = (slide for section in sections for slide in (section, *section.below))
    notes = {slide.id: slide.notes for slide in slides if slide.notes}
    return f"notes({json.dumps(notes, ensure_ascii=False, separators=(',', ':'))});\n".encode("utf-8", "replace")
