"""The vocabulary of a talk: a Lecture is made of Slides, a Slide of Bullets, code, pictures and notes.

    from lecture.slides import Lecture, Slide, Bullet, Code, Session, Notes

    lecture = Lecture(
        "The Tutorial of Doom",
        Slide("The event driven waiter",
              Bullet("One waiter, serving all tables"),
              Code("01_waiter/waiter.py", "Waiter"),
              Session("01_waiter"),
              Notes("Ask who has worked in a restaurant.")),
    )
    if __name__ == "__main__":
        lecture.renderHTML(".", "doom-%02d.html", css="main.css")

The names and what they do are those of the slide library that Twisted's talks of 2003 were written for; their decks
render when `slides` means this module. `Markdown`, `HTML`, `Code`, `Session`, `Sequence`, `Step`, `Notes`, `Ask` and
`Cue` are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from lecture.elements.changes import Changes
from lecture.elements.element import HTML, Bullet, Center, Element, Heading, Step, SubBullet, escape, flow, toHTML
from lecture.elements.images import Image
from lecture.elements.listings import PRE, Code, Session
from lecture.elements.markup import URL, Cue, Markdown, Notes
from lecture.elements.questions import Ask
from lecture.elements.sequences import Sequence
from lecture.elements.wrong import Wrong
from lecture.errors import LectureError

if TYPE_CHECKING:
    from lecture.exercises.folder import Exercise
    from lecture.programs.missions import Mission

__all__ = [
    "HTML",
    "PRE",
    "URL",
    "Ask",
    "Bullet",
    "Center",
    "Changes",
    "Code",
    "Cue",
    "Element",
    "Heading",
    "Image",
    "Lecture",
    "Markdown",
    "Notes",
    "NumSlide",
    "Sequence",
    "Session",
    "Slide",
    "Step",
    "SubBullet",
    "TitleSlide",
    "Topic",
    "Wrong",
    "toHTML",
]


class Slide(Element):
    """A slide: a title, and below it points, text, code, pictures in the order given.

    minutes: how long the speaker takes for it.
    short: whether it belongs to the short way through the talk.
    exercises: names or numbers of those that practise what it says.
    of_this_build: true in a subclass whose content every build finds out anew, so that checks don't compare the content
        of two builds.
    Raises LectureError when the title is not text, when `minutes` is no time or `short` neither True nor False, or when
    something inside can't stand on a slide.
    """

    kind = "plain"
    list_tag = "ul"
    of_this_build = False

    def __init__(
        self,
        title: str,
        *bullets: object,
        minutes: float = 1.0,
        short: bool = False,
        exercises: tuple[int | str, ...] = (),
    ) -> None:
        if not isinstance(title, str):
            raise LectureError(f"the title of a slide must be text, not {title!r}", where=self.where)
        self.title = title
        self.bullets = bullets
        self.minutes = minutes
        self.short = short
        self.exercises = exercises
        try:
            _check_time(minutes, short)
            self.check()
        except LectureError as problem:
            problem.slide = title
            problem.where = problem.where or self.where
            raise

    def children(self) -> tuple[object, ...]:
        return self.bullets

    def toHTML(self) -> str:
        content = flow(self.bullets, self.list_tag, wrap_text=True)
        body = f'<div class="content">\n{content}</div>\n' if content else ""
        return f"{self.heading()}{body}"

    def heading(self) -> str:
        """The title as HTML."""
        return f'<h1 dir="auto">{escape(self.title)}</h1>\n'


def _check_time(minutes: object, short: object) -> None:
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 < minutes < inf:
        raise LectureError(f"a slide can't take {minutes!r} minutes: give a number above 0, such as minutes=1.5")
    if not isinstance(short, bool):
        raise LectureError(f"short={short!r} is neither True nor False: True puts the slide on the short way")


class NumSlide(Slide):
    """A slide whose points are numbered."""

    list_tag = "ol"


class TitleSlide(Slide):
    """A slide that opens a lecture or a part of it: a large title, and a few lines below it without bullet points."""

    kind = "title"


@dataclass(frozen=True)
class Topic:
    """Some slides of a lecture that belong together, for a notebook in which their programs run in simulated worlds.

    name: of its file. title: text. slides: in order. exercises: names or numbers of those that practise it.
    live: a Markdown file, whose fenced `python` blocks become cells that run in the notebook itself.
    """

    name: str
    title: str
    slides: tuple[Slide, ...] = ()
    exercises: tuple[int | str, ...] = ()
    live: Path | None = None


class Lecture(Element):
    """A talk.

    title: text.
    slides: Slides, in order. Anything else with a `title` and a toHTML() method is taken for a slide too.

    A subclass may override `getHeader`, `getFooter` and `getIndexFooter`, and these:
    lang: language of the pages, as in HTML's `lang`.
    missions: what there is to break and to mend in the playground.
    topics: Topics, each of which becomes a notebook beside those of the parts.
    exercises: for the page of exercises; without, those in the folder `exercises` beside the deck.
    Raises LectureError when the title is not text, or when something among the slides is no slide.
    """

    lang = "en"
    missions: tuple[Mission, ...] = ()
    topics: tuple[Topic, ...] = ()
    exercises: tuple[Exercise, ...] = ()

    def __init__(self, title: str, *slides: Slide) -> None:
        if not isinstance(title, str):
            raise LectureError(f"the title of a lecture must be text, not {title!r}", where=self.where)
        for slide in slides:
            if not _is_slide(slide):
                where = slide.where if isinstance(slide, Element) else self.where
                raise LectureError(f"{_shown(slide)} is no slide; put it inside Slide(title, …)", where=where)
        self.title = title
        self.slides = slides
        self.css: str | None = None

    @property
    def name(self) -> str:
        """The title, under the name it had in 2003."""
        return self.title

    def children(self) -> tuple[object, ...]:
        return self.slides

    def times(self) -> str:
        """How long the talk takes, and its short way: "82 slides, 2 h 28 min; the short way 25 slides, 43 min".

        Only the number of slides where none of them says how long it takes.
        """
        told = [(getattr(slide, "minutes", 1.0), getattr(slide, "short", False)) for slide in self.slides]
        text = _count(len(told))
        if any(minutes != 1.0 for minutes, _ in told):
            text += f", {_duration(sum(minutes for minutes, _ in told))}"
        if short := [minutes for minutes, is_short in told if is_short]:
            text += f"; the short way {_count(len(short))}, {_duration(sum(short))}"
        return text

    def getHeader(self) -> str:
        """HTML that stands at the top of every page; nothing unless overridden."""
        return ""

    def getFooter(self) -> str:
        """HTML that stands at the bottom of every slide's page: the title unless overridden."""
        return escape(self.title)

    def getIndexFooter(self) -> str:
        """HTML that stands at the bottom of the contents page; nothing unless overridden."""
        return ""

    def toHTML(self) -> str:
        """All slides, one after the other."""
        return "".join(f"<section>\n{toHTML(slide)}</section>\n" for slide in self.slides)

    def renderHTML(self, directory: str | PathLike[str], basename: str, css: str | None = None) -> None:
        """Write a page for every slide, and a page of contents.

        directory: is made if it doesn't exist.
        basename: name of the pages, with a place for the number: "talk-%02d.html". The contents are number 0.
        css: name of the stylesheet. Yours is used if it exists in the directory, or copied there from beside the deck;
            otherwise ours is written under that name. A stylesheet of yours is never overwritten.
        Raises LectureError, and leaves the pages of an earlier run as they were, when anything can't be drawn.
        """
        from lecture.outputs.pages import write_pages

        write_pages(self, directory, basename, css=css)


def _count(slides: int) -> str:
    return "1 slide" if slides == 1 else f"{slides} slides"


def _duration(minutes: float) -> str:
    hours, rest = divmod(ceil(minutes), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def _is_slide(thing: object) -> bool:
    if isinstance(thing, type) or not callable(getattr(thing, "toHTML", None)):
        return False
    return isinstance(getattr(thing, "title", None), str) and not isinstance(thing, Lecture)


def _shown(thing: object) -> str:
    return type(thing).__name__ + "(…)" if isinstance(thing, Element) else repr(thing)
