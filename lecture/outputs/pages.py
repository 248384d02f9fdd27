"""A lecture as a web site to read: a page for each slide with what the speaker says about it, and a page of contents.

Pages are plain HTML with links, so they work without script and from disk; one small script adds search, the keyboard
and what was read. Every page says by its security policy that nothing else may run and that nothing is fetched from
elsewhere.

Work grows with the number of slides and not faster: a page knows its neighbours and the total, never the list of all.
Everything is drawn before anything is written, so a slide that can't be drawn leaves the old site untouched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from lecture.elements.attachments import collecting
from lecture.elements.element import Aside, escape, toHTML
from lecture.elements.wrong import Wrong
from lecture.errors import LectureError
from lecture.outputs.deck.section import Section
from lecture.outputs.deck.write import DECK, deck_files, draw_deck
from lecture.outputs.play.exercises import Practised, practised
from lecture.outputs.play.programs import Played, on_slides
from lecture.outputs.play.write import running_files
from lecture.outputs.publish import Content, own_file, publish, stylesheet
from lecture.outputs.search import search_data
from lecture.slides import Ask, Element, Lecture, Session

if TYPE_CHECKING:
    import jinja2

SCRIPT = "read.js"
_HAS_RUN = (Session, Wrong, Ask)
STEPPER = "stepper.js"  # loaded by pages and deck when somebody looks into a run
STYLESHEET = "lecture.css"

# Only our own script runs, and nothing is asked of another host. Styles may stand inline: a listing states its measure
# in one.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "media-src 'self' data:; font-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Names:
    """What the pages of a site are called.

    pattern: has a place for the number of a slide, "talk-%02d.html"; slides count from 1.
    contents: the page of contents, `pattern % 0` unless given.
    search: the script with the words of all slides. Two lectures may share a folder, so the pattern names it too.
    """

    pattern: str
    contents: str
    search: str

    @classmethod
    def of(cls, pattern: str, contents: str | None = None) -> Names:
        """Raises LectureError for a pattern that can't name pages."""
        try:
            zero, one = pattern % 0, pattern % 1
            if zero == one or "/" in one or "\\" in one or not one.lower().endswith((".html", ".htm")):
                raise ValueError("it gives " + one)
            search = Path(_between(pattern % 7, pattern % 8)).with_suffix(".js").name
            return cls(pattern, contents or zero, search)
        except (TypeError, ValueError) as error:
            message = f"{pattern!r} cannot name the pages: write a file name with one %d, such as 'slide-%02d.html'"
            raise LectureError(message) from error

    def slide(self, number: int) -> str:
        """The page of the slide with this number."""
        return self.pattern % number


def _between(seven: str, eight: str) -> str:
    """The name with "search" where the number of a slide would stand."""
    at = next(n for n, (a, b) in enumerate(zip(seven, eight, strict=True)) if a != b)
    return f"{seven[:at].rstrip('0')}search{seven[at + 1 :]}"


@dataclass(frozen=True)
class Drawn:
    """A slide that has become HTML.

    kind: "title" or "bare" if it opens something and has few words or none, "plain" otherwise.
    notes: what the speaker says, and asks. wrong: the programs beside it that fail.
    key: tells it from the other slides of its lecture, also when slides before it come and go: its title, and a number
        if others had the same before. short: whether the short way through the talk has it.
    """

    number: int
    title: str
    kind: str
    body: str
    notes: str
    wrong: str = ""
    key: str = ""
    short: bool = False


@dataclass(frozen=True)
class Site:
    """What was written: the page of contents, and the deck with its slides, if there is one."""

    contents: Path
    deck: Path
    sections: list[Section]


def write_site(
    lecture: Lecture, directory: str | PathLike[str], css: str | None = None, pattern: str = "slide-%02d.html"
) -> Path:
    """Write the lecture into exactly this directory, with `index.html` for its contents; return the path of that page.

    css: as for Lecture.renderHTML.
    """
    return _write(lecture, Path(directory), pattern, css, "index.html", with_deck=False).contents


def write_pages(
    lecture: Lecture,
    directory: str | PathLike[str],
    pattern: str,
    css: str | None = None,
    contents: str | None = None,
) -> Path:
    """Write pages, pictures, stylesheet and scripts into `directory`; return the path of the contents page.

    Raises LectureError before anything is written when something can't be drawn or named.
    """
    return _write(lecture, Path(directory), pattern, css, contents, with_deck=False).contents


def write_all(
    lecture: Lecture, directory: str | PathLike[str], pattern: str = "slide-%02d.html", css: str | None = None
) -> Site:
    """Write the pages of write_site, whose arguments these are, and the deck for presenting beside them."""
    return _write(lecture, Path(directory), pattern, css, "index.html", with_deck=True)


def _write(
    lecture: Lecture, target: Path, pattern: str, css: str | None, contents: str | None, with_deck: bool
) -> Site:
    try:
        names = Names.of(pattern, contents)
        style_name, style = stylesheet(css, STYLESHEET, target, lecture.where.file.parent)
    except LectureError as problem:
        problem.where = problem.where or lecture.where
        raise
    lecture.css = style_name
    _record_runs(lecture)
    played = on_slides(lecture, names.slide) if with_deck else Played([], {})
    known = practised(lecture) if with_deck else Practised([], {})
    with collecting() as attached:
        drawn = _keyed([draw(slide, number) for number, slide in enumerate(lecture.slides, 1)])
        deck = DECK if with_deck else ""
        files: dict[str, Content] = dict(_pages(lecture, drawn, names, style_name, deck, played, known))
        sections = draw_deck(lecture, names.slide) if with_deck else []
    if with_deck:
        files |= deck_files(lecture, sections, names.contents, environment(), played.places, known.slides)
    running = running_files(lecture, played.programs, known, names.slide, quote(names.contents), environment())
    if running or any(name.endswith(".js") for name in attached):
        files[STEPPER] = own_file(STEPPER)
    files |= running
    files |= {**attached, SCRIPT: own_file(SCRIPT)}
    files[names.search] = search_data((names.slide(one.number), one.body + one.notes + one.wrong) for one in drawn)
    if style is not None:
        files[style_name] = style
    publish(files, target)
    return Site(target / names.contents, target / DECK, sections)


def _record_runs(lecture: Lecture) -> None:
    """Record all runs that pages will show step by step, together."""
    parts = [part for slide in lecture.slides for part in _parts(slide)]
    shown = [part.run if isinstance(part, Ask) else part.example for part in parts if isinstance(part, _HAS_RUN)]
    if any(shown):
        from lecture.programs import current_examples

        examples = current_examples()
        wanted = {name.split("/")[0] for name in shown}
        examples.record(
            name for name in examples.names() if name.split("/")[0] in wanted and examples.is_simulated(name)
        )


def draw(slide: Element, number: int) -> Drawn:
    """The slide as HTML. Raises LectureError that names the slide."""
    try:
        body = toHTML(slide)
        asides = [(aside, toHTML(aside)) for aside in _asides(slide)]
    except LectureError as problem:
        problem.slide = problem.slide or slide.title  # type: ignore[attr-defined]  # Lecture takes nothing without one
        raise
    kind = getattr(slide, "kind", "plain")
    if kind == "plain" and isinstance(slide, Element) and not any(True for _ in slide.children()):
        kind = "bare"
    notes = "".join(markup for aside, markup in asides if not isinstance(aside, Wrong))
    wrong = "".join(markup for aside, markup in asides if isinstance(aside, Wrong))
    short = bool(getattr(slide, "short", False))
    return Drawn(number, slide.title, str(kind), body, notes, wrong, short=short)  # type: ignore[attr-defined]  # as above


def _asides(slide: object) -> Iterable[Aside]:
    """What belongs to a slide and is for readers too, in order."""
    return (part for part in _parts(slide) if isinstance(part, Aside) and part.for_readers)


def _parts(slide: object) -> Iterable[object]:
    return slide.walk() if isinstance(slide, Element) else ()


def _keyed(drawn: list[Drawn]) -> list[Drawn]:
    seen: Counter[str] = Counter()
    keyed = []
    for slide in drawn:
        seen[slide.title] += 1
        again = f" ({seen[slide.title]})" if seen[slide.title] > 1 else ""
        keyed.append(replace(slide, key=slide.title + again))
    return keyed


def _pages(
    lecture: Lecture, drawn: list[Drawn], names: Names, css: str, deck: str, played: Played, known: Practised
) -> Iterable[tuple[str, bytes]]:
    markup = environment()
    shared = {
        "lecture": lecture,
        "css": quote(css),
        "header": _frame(lecture, "getHeader"),
        "footer": _frame(lecture, "getFooter"),
        "index_footer": _frame(lecture, "getIndexFooter"),
        "total": len(drawn),
        "contents": quote(names.contents),
        "search": quote(names.search),
        "deck": deck,
        "has_exercises": bool(known.exercises),
        "has_short_way": any(slide.short for slide in drawn),
        "first": quote(names.slide(1)),
        "last": quote(names.slide(len(drawn))),
    }
    page = markup.get_template("slide.html").render
    for slide in drawn:
        number = slide.number
        offers = {"play": played.places.get(f"s{number}", ""), "exercises": known.slides.get(number, ())}
        text = page(shared, slide=slide, **offers, **_neighbours(drawn, names, number))
        yield names.slide(number), text.encode("utf-8", "replace")
    listed = [(slide, quote(names.slide(slide.number))) for slide in drawn]
    yield names.contents, markup.get_template("contents.html").render(shared, listed=listed).encode("utf-8", "replace")


def _neighbours(drawn: list[Drawn], names: Names, number: int) -> dict[str, str]:
    """What a slide's page says of the pages before and after it."""
    is_last = number == len(drawn)
    return {
        "previous": quote(names.slide(number - 1)) if number > 1 else "",
        "following": "" if is_last else quote(names.slide(number + 1)),
        "following_title": "" if is_last else drawn[number].title,
    }


def _frame(lecture: Lecture, method: str) -> str:
    """HTML of the lecture's own header or footer, with the care that elements get."""
    return toHTML(_Frame(lecture, method))


class _Frame(Element):
    def __init__(self, lecture: Lecture, method: str) -> None:
        self.lecture, self.method, self.where = lecture, method, lecture.where

    def toHTML(self) -> str:
        markup = getattr(self.lecture, self.method)()
        if not isinstance(markup, str):
            raise LectureError(f"{self.method}() returned {markup!r}; return text, which is taken as HTML")
        return markup


@cache
def environment() -> jinja2.Environment:
    """Where templates are, and what they may use."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["text"] = lambda text: Markup(escape(text))
    environment.globals["policy"] = POLICY
    return environment
