"""Writes a deck whose programs were verified into one file. The old file stays until the new one is whole."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lecture.errors import LectureError
from lecture.outputs import chromium
from lecture.outputs.deck.section import Section
from lecture.outputs.deck.write import DECK, NOTES, deck_files
from lecture.outputs.export.paper import Page, handout, pages, rules
from lecture.outputs.export.single import MOST_BYTES, single_file, with_pictures, without_notes
from lecture.outputs.pages import STEPPER, Site, draw, environment, write_all
from lecture.outputs.publish import own_file
from lecture.programs.cache import write_atomically
from lecture.programs.temporary import temporary_folder
from lecture.slides import Lecture

_PAGES = re.compile(rb"/Type\s*/Page\b(?!s)")


@dataclass(frozen=True)
class Exported:
    """What was written. pages: of a PDF. too_large: whether it is more than a megabyte, which mail may refuse."""

    path: Path
    size: int
    pages: int = 0

    @property
    def too_large(self) -> bool:
        """Whether an HTML file is larger than it should be."""
        return not self.pages and self.size > MOST_BYTES


def write_single(lecture: Lecture, path: Path, notes: bool = True) -> Exported:
    """Write the deck as one HTML file. notes: whether what the speaker says is in it.

    Raises LectureError when something can't be drawn, or the file can't be written.
    """
    with temporary_folder("single") as folder:
        site = write_all(lecture, folder)
        others = {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
        sections = with_pictures(site.sections, others) if notes else without_notes(site.sections)
        written = deck_files(lecture, sections, site.contents.name, environment())
        script, styles = own_file("deck.js").decode("utf-8"), own_file("deck.css").decode("utf-8")
        runs = {name: content for name, content in others.items() if re.fullmatch(r"timelines/.*\.js", name)}
        later = {NOTES: written[NOTES], **({STEPPER: own_file(STEPPER), **runs} if runs else {})}
        whole = single_file(written[DECK].decode("utf-8"), script, styles, others, later)
        return _written(path, whole.encode("utf-8", "replace"))


def write_pdf(
    lecture: Lecture, path: Path, each_step: bool = False, notes: bool = False, for_readers: bool = False
) -> Exported:
    """Write the deck as a PDF.

    each_step: a page for every step, instead of one for each state that is seen last. notes: on A4, each slide with
    what the speaker says below it. for_readers: likewise, with what the reading pages say, and the answers.
    Raises LectureError when no Chromium is on this machine, something can't be drawn, or the file can't be written.
    """
    program = chromium.browser()
    if program is None:
        raise LectureError(f"a PDF needs one of these programs, none of which is here: {', '.join(chromium.PROGRAMS)}")

    def sheets(site: Site) -> Iterable[Page]:
        if not for_readers:
            return pages(site.sections, each_step, notes)
        return handout(site.sections, {n: draw(slide, n).notes for n, slide in enumerate(lecture.slides, 1)})

    with temporary_folder("paper") as folder:
        site = write_all(lecture, folder)
        drawn = list(sheets(site))
        printed = folder / "paper.pdf"
        (folder / "paper.html").write_text(
            _paper(lecture, site.sections, drawn, notes or for_readers), encoding="utf-8"
        )
        options = ("--no-pdf-header-footer", f"--print-to-pdf={printed}")
        chromium.run(program, folder / "paper.html", *options)
        if not printed.is_file():
            raise LectureError(f"{program} printed nothing: try it by hand with {' '.join(options)}")
        content = printed.read_bytes()
    return _written(path, content, len(_PAGES.findall(content)) or len(drawn))


def _paper(lecture: Lecture, sections: list[Section], drawn: list[Page], has_text: bool) -> str:
    return (
        environment()
        .get_template("paper.html")
        .render(
            lecture=lecture,
            pages=drawn,
            total=len(sections),
            has_text=has_text,
            styles=own_file("deck.css").decode("utf-8"),
            rules=rules(max((page.section.steps for page in drawn), default=1)),
        )
    )


def _written(path: Path, content: bytes, count: int = 0) -> Exported:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError as problem:
        raise LectureError(f"cannot write {path}: {problem.strerror or problem}") from problem
    return Exported(path, os.path.getsize(path), count)
