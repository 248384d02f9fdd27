"""Does every step of every slide fit the canvas? The estimate says so; a browser decides where it isn't sure.

The estimate is never more generous than a browser. So a lecture all of whose slides fit by it needs no browser, and its
build takes no longer. Where there is no browser, the estimate decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.outputs.deck.section import Section
from lecture.outputs.fit.measure import Misfit, measured
from lecture.slides import Lecture


def misfits(lecture: Lecture, sections: Sequence[Section], deck: Path, cache: Path) -> list[LectureError]:
    """An error for everything that doesn't fit, with slide and step.

    sections: the slides as they are on the deck. deck: the path of deck.html, for a browser to look at.
    cache: a folder for what a browser said.
    """
    sections = [one for section in sections for one in (section, *section.below)]
    if all(section.surely_fits for section in sections):
        return []
    found = measured(deck, cache)
    if found is None:
        found = [misfit for section in sections for misfit in _estimated(section)]
    return [_error(lecture, sections, misfit) for misfit in found]


def _estimated(section: Section) -> list[Misfit]:
    lacks = round(section.layout.lacks)
    return [Misfit(section.id, 1, section.steps, "bottom", lacks, "by an estimate, the slide")] if lacks else []


def _error(lecture: Lecture, sections: Sequence[Section], misfit: Misfit) -> LectureError:
    section = next(section for section in sections if section.id == misfit.id)
    where: Where | None = getattr(lecture.slides[section.number - 1], "where", None)
    return LectureError(str(misfit), where=where, slide=section.title)
