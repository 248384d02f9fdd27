"""From a deck to verified slides: run the programs, look for everything that could be wrong, then write the site.

All problems are collected, so that an author sees everything there is to mend at once. Sessions come first, since
slides show what they printed (programs/checks.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lecture.errors import Failed, LectureError
from lecture.outputs.folder import check_replaceable, replaced
from lecture.programs import Examples, use
from lecture.programs.checks import Check
from lecture.programs.layout import wrong_name
from lecture.programs.temporary import temporary_folder
from lecture.programs.unused import Shown, never_ran, unused

if TYPE_CHECKING:
    from lecture.slides import Element, Lecture


def shown_on(lecture: Lecture) -> tuple[list[Shown], list[tuple[str, Element, str]]]:
    """What the slides show: pieces of programs, and sessions as (example, element, title of the slide).

    A wrong program counts as a session, by its name.
    """
    from lecture.slides import Bullet, Code, Session, Wrong

    pieces: list[Shown] = []
    sessions: list[tuple[str, Element, str]] = []
    for slide in lecture.slides:
        title = slide.title
        for element in Bullet(slide).walk():  # a Bullet looks into whatever kind of slide this is
            if isinstance(element, Code):
                pieces.append(Shown(element.file, element.name, element.where, title))
            elif isinstance(element, Session):
                sessions.append((element.example, element, title))
            elif isinstance(element, Wrong):
                sessions.append((wrong_name(element.example, element.name), element, title))
    return pieces, sessions


def check_lecture(
    lecture: Lecture, examples: Examples, checks: Iterable[Check], measure: bool = True
) -> list[LectureError]:
    """Everything that is wrong with a lecture, in the order of slides, then of examples.

    checks: of the sessions; those that failed are in the answer, with the slide that shows them.
    measure: whether every slide has to fit the canvas.
    """
    pieces, sessions = shown_on(lecture)
    titles = {example: title for example, _, title in reversed(sessions)}
    errors: list[LectureError] = []
    for check in checks:
        if check.error:
            check.error.slide = check.error.slide or titles.get(check.example)
            errors.append(check.error)
    errors += list(_drawing_errors(lecture)) or (_misfits(lecture, examples) if measure else [])
    errors += never_ran(examples, pieces)
    errors += unused(examples, pieces, titles)
    return _distinct(errors)


def _drawing_errors(lecture: Lecture) -> Iterator[LectureError]:
    """Draw every slide, and tell what can't be drawn; of a slide that can't, every element by itself."""
    from lecture.outputs.pages import draw
    from lecture.slides import Bullet, toHTML

    for number, slide in enumerate(lecture.slides, 1):
        try:
            draw(slide, number)
            continue
        except LectureError as error:
            yield error
        for element in Bullet(slide).walk():
            try:
                if not element.children():
                    toHTML(element)
            except LectureError as error:
                error.slide = error.slide or slide.title
                yield error


def _misfits(lecture: Lecture, examples: Examples) -> list[LectureError]:
    """What doesn't fit the canvas, when all slides can be drawn."""
    from lecture.outputs.fit.check import misfits
    from lecture.outputs.pages import write_all

    with temporary_folder("deck") as folder:
        site = write_all(lecture, folder)
        return misfits(lecture, site.sections, site.deck, examples.cache.folder / "fit")


def _distinct(errors: list[LectureError]) -> list[LectureError]:
    return list({(error.message, str(error.where)): error for error in errors}.values())


def build_site(
    lecture: Lecture, examples: Examples, checks: Iterable[Check], output: Path, measure: bool = True
) -> Path:
    """Write the site of a lecture whose sessions were checked; the old one stays until this one is complete.

    measure: whether every slide has to fit the canvas.
    Returns the path of the contents page. Raises Failed with everything that is wrong.
    """
    from lecture.outputs.fit.check import misfits
    from lecture.outputs.pages import write_all

    check_replaceable(output)
    pieces, sessions = shown_on(lecture)
    with use(examples):
        errors = [check.error for check in checks if check.error]
        errors += [*never_ran(examples, pieces), *unused(examples, pieces, [example for example, _, _ in sessions])]
        if not errors:
            try:
                with replaced(output) as folder:
                    site = write_all(lecture, folder)
                    if measure and (found := misfits(lecture, site.sections, site.deck, examples.cache.folder / "fit")):
                        raise Failed(found)
                    name = site.contents.relative_to(folder)
                return output / name
            except LectureError as error:
                errors.append(error)
        # Something is wrong: only now is it worth drawing slide by slide to find the rest.
        raise Failed(_distinct([*check_lecture(lecture, examples, checks, measure), *errors]))
