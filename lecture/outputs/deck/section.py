"""A slide as a section of the deck: title, words, exhibits in panes, and the speaker's notes of each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from lecture.elements.element import HTML, Aside, Element, Piece, Step, arranged, gathered, toHTML
from lecture.elements.listings import Session
from lecture.elements.session_parts import in_parts
from lecture.elements.steps import Steps, counted
from lecture.elements.wrong import Wrong
from lecture.errors import LectureError
from lecture.outputs.deck.layout import LEAST_CODE_PX, Layout, Room
from lecture.outputs.fit import canvas
from lecture.outputs.fit.estimate import title_height
from lecture.outputs.fit.letters import MONO
from lecture.outputs.fit.markup import parse
from lecture.slides import Slide

_PROMPTS = 5  # commands in a part of a session, for whose distance there is room


@dataclass(frozen=True)
class Section:
    """A slide as the deck shows it.

    number: from 1. id: of its element. page: the file of its reading page. minutes: None for a slide below another.
    steps: how many it has. body: title and content, as HTML. below: the slides of its wrong programs.
    notes: what the speaker reads: first step, last step, HTML.
    is_known: whether all that stands on it is of kinds whose room can be estimated.
    """

    number: int
    id: str
    title: str
    kind: str
    minutes: float | None
    short: bool
    page: str
    steps: int
    layout: Layout
    body: str
    notes: tuple[tuple[int, int, str], ...]
    is_known: bool
    below: tuple[Section, ...] = ()

    @property
    def surely_fits(self) -> bool:
        """Whether it fits the canvas without a doubt."""
        return self.is_known and self.layout.lacks == 0


class WrongSlide(Slide):
    """A wrong program, on a slide below the one that shows the right one."""

    kind = "wrong"


def section(slide: object, number: int, page: str) -> Section:
    """Draw a slide for presenting. Raises LectureError that names the slide."""
    title = str(slide.title)  # type: ignore[attr-defined]  # Lecture takes nothing without one
    try:
        main = _section(slide, title, number, f"s{number}", page)
        wrong = [part for part in slide.walk() if isinstance(part, Wrong)] if isinstance(slide, Element) else []
        below = [WrongSlide(one.title, *one.parts()) for one in wrong]
        names = [f"s{number}w{at}" for at in range(1, len(below) + 1)]
        drawn = [_section(one, one.title, number, name, page) for one, name in zip(below, names, strict=True)]
    except LectureError as problem:
        problem.slide = problem.slide or title
        raise
    return replace(main, below=tuple(replace(one, minutes=None) for one in drawn))


def _section(slide: object, title: str, number: int, name: str, page: str) -> Section:
    drawing = _Drawing(slide, title)
    body = drawing.body()
    kind = str(getattr(slide, "kind", "plain"))
    if kind == "plain" and not drawing.has_content:
        kind = "bare"
    minutes, short = float(getattr(slide, "minutes", 1.0)), bool(getattr(slide, "short", False))
    notes, steps = tuple(drawing.notes()), drawing.steps.last
    layout, is_known = drawing.layout, drawing.is_known
    return Section(number, name, title, kind, minutes, short, page, steps, layout, body, notes, is_known)


def is_exhibit(thing: object) -> bool:
    """Whether a thing on a slide is one to look at, which goes into a pane."""
    return isinstance(thing, Session) or (isinstance(thing, Element) and thing.role == "exhibit")


@dataclass
class _Drawing:
    """Draws a slide twice: once to see how much room its things need, and once with steps."""

    slide: object
    title: str
    steps: Steps = field(default_factory=Steps)

    def __post_init__(self) -> None:
        ours = isinstance(self.slide, Slide) and type(self.slide).toHTML is Slide.toHTML
        self.things: tuple[object, ...] = self.slide.children() if ours and isinstance(self.slide, Slide) else ()
        self.heading = self.slide.heading() if ours and isinstance(self.slide, Slide) else ""
        self.list_tag = self.slide.list_tag if isinstance(self.slide, Slide) else "ul"
        high = canvas.HEIGHT - canvas.TOP - canvas.BOTTOM - (title_height(self.title) if self.heading else 0.0)
        self.things = tuple(part for thing in self.things for part in _in_parts(thing, high))
        with counted(Steps()):
            self.foreign = "" if ours else toHTML(self.slide)
            words = self.foreign or self._words(gathered(thing for thing in self.things if not is_exhibit(thing)))
            exhibits = [toHTML(thing) for thing in self.things if is_exhibit(thing)]
        self.layout = Room(parse(words) if words else None, [parse(exhibit) for exhibit in exhibits], high).best()
        self.has_content = bool(words or exhibits)
        self.is_known = not self.foreign and all(_is_known(thing) for thing in self.things)

    def _words(self, pieces: Iterable[Piece]) -> str:
        return arranged(pieces, self.list_tag, wrap_text=True)

    def body(self) -> str:
        """The HTML of title and content."""
        with counted(self.steps):
            words, panes = self._drawn()  # asides are found on the way, on an empty slide too
        if not self.has_content:
            return self.heading
        parts = []
        if words:
            until = f' data-to="{panes[0][0] - 1}"' if self.layout.kind == "turns" and panes else ""
            parts.append(f'<div class="words"{until}>\n{words}</div>\n')
        if panes:
            parts.append(
                f'<div class="exhibits">\n{"".join(self._pane(panes, at) for at in range(len(panes)))}</div>\n'
            )
        kind = "words-alone" if self.layout.kind == "words" else self.layout.kind
        return f'{self.heading}<div class="content {kind}">\n{"".join(parts)}</div>\n'

    def _drawn(self) -> tuple[str, list[tuple[int, str]]]:
        """The words, and of each pane its first step and the HTML inside; in the order in which they appear."""
        if self.foreign:
            return toHTML(self.slide), []
        pieces: list[Piece] = []
        panes: list[tuple[int, str]] = []
        exhibits, floor = 0, 1
        for thing in self._in_order():
            if isinstance(thing, Aside) and not isinstance(thing, Step):
                with self.steps.at_least(floor):
                    gathered([thing])
            elif not is_exhibit(thing):
                gathered([thing], before=pieces)
                floor = 1
            else:
                if (first := self._opened(exhibits)) is not None:
                    panes.append((first, ""))
                exhibits, floor = exhibits + 1, panes[-1][0]
                with self.steps.at_least(floor):
                    panes[-1] = (floor, panes[-1][1] + "".join(piece.markup for piece in gathered([thing])))
        return self._words(pieces), panes

    def _in_order(self) -> Iterator[object]:
        """The things on the slide as they are drawn: where words and exhibits take turns, all words come first."""
        if self.layout.kind != "turns":
            yield from self.things
            return
        later: list[object] = []
        for thing in self.things:
            if is_exhibit(thing) or (later and isinstance(thing, Aside) and not isinstance(thing, Step)):
                later.append(thing)
            else:
                yield thing
        yield from later

    def _opened(self, exhibit: int) -> int | None:
        """The step at which the pane appears that this exhibit opens; None when it stands in one that is there."""
        at = next(number for number, pane in enumerate(self.layout.panes) if exhibit in pane.exhibits)
        if exhibit != self.layout.panes[at].exhibits[0]:
            return None
        is_turn = at > 0 or self.layout.kind == "turns"
        return self.steps.turn(after_all=at == 0) if is_turn else 1

    def _pane(self, panes: list[tuple[int, str]], at: int) -> str:
        first, inside = panes[at]
        until = f' data-to="{panes[at + 1][0] - 1}"' if at + 1 < len(panes) else ""
        kind = "pane beside" if self.layout.panes[at].beside else "pane"
        return f'<div class="{kind}" data-from="{first}"{until}>\n{inside}</div>\n'

    def notes(self) -> Iterator[tuple[int, int, str]]:
        """First step, last step and HTML of what the speaker reads."""
        asides = [(step, markup) for step, aside in self.steps.asides if (markup := _spoken(aside))]
        starts = sorted({step for step, _ in asides})
        for at, start in enumerate(starts):
            said = "".join(markup for step, markup in asides if step == start)
            yield start if at else 1, starts[at + 1] - 1 if at + 1 < len(starts) else self.steps.last, said


def _spoken(aside: object) -> str:
    """What the speaker reads of something that isn't shown on the slide."""
    spoken = getattr(aside, "spoken", None)
    return str(spoken()) if callable(spoken) else toHTML(aside)


def _is_known(thing: object) -> bool:
    """Whether only our own kinds of things are in it; an author's markup may bring styles of its own."""
    if not isinstance(thing, Element):
        return isinstance(thing, str)
    ours = type(thing).__module__.startswith("lecture.") and not isinstance(thing, HTML)
    return ours and all(map(_is_known, thing.children()))


def _in_parts(thing: object, high: float) -> list[object]:
    """A session in parts, each of which fits a pane of this height by itself; anything else as it is."""
    if type(thing) is not Session:
        return [thing]
    line = LEAST_CODE_PX * canvas.CODE_LINE
    rows = int((high - canvas.BOX_PX - line - _PROMPTS * canvas.PROMPT_PX) / line)  # a line for a remark
    columns = int((canvas.INNER_WIDTH - canvas.BOX_SIDES_PX) / (LEAST_CODE_PX * MONO)) - 1
    return list(in_parts(thing, rows, columns))
