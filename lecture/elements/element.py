"""What a slide is made of: pieces that know where they were written and how to become HTML.

The rule of the library of 2003 still holds: anything with a `toHTML()` method may stand wherever text may, so an author
adds a new kind of thing with a class of five lines. Our own kinds derive from `Element`, which adds two things that a
build needs: `where`, the line of the deck that made it, and `walk()`, everything nested inside it.

A plain string is text to the letter. Only `HTML` passes markup through, so that a deck can hold any text at all and the
only way to put script on a page is to ask for it by name.

Errors come out of `toHTML(thing)` and nowhere else: an exception on its way up passes the elements that contain the
culprit, and the innermost one that knows its line in the deck writes it into the error.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Self

from lecture.elements.steps import appearing, counting
from lecture.errors import LectureError, Where

# Control characters may not stand in HTML at all; Unicode has a visible picture for each (␀, ␛, …).
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_PATH_OF = lru_cache(maxsize=None)(Path)


def escape(text: str) -> str:
    """`text` as HTML that shows exactly this text, in an element or between the quotes of an attribute."""
    return visible(html.escape(text))


def visible(text: str) -> str:
    """`text` with a visible picture in place of each control character."""
    return text if _CONTROL.search(text) is None else _CONTROL.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def toHTML(thing: object) -> str:
    """HTML of a string (escaped) or of anything that has a `toHTML()` method.

    Raises LectureError when `thing` is neither, when its `toHTML()` raises (the cause is chained) or when it returns
    something else than text. The error names the file and line of the innermost Element around the culprit.
    """
    if isinstance(thing, str):
        return escape(thing)
    check(thing)
    try:
        result = thing.toHTML()  # type: ignore[attr-defined]  # check() has seen that it is there
        if not isinstance(result, str):
            raise LectureError(f"{_kind(thing)}.toHTML() returned {result!r}; return text, which is taken as HTML")
        return result
    except LectureError as problem:
        if problem.where is None and isinstance(thing, Element):
            problem.where = thing.where
        raise
    except Exception as error:
        where = thing.where if isinstance(thing, Element) else None
        message = f"{_kind(thing)}.toHTML() raised {type(error).__name__}: {error}"
        raise LectureError(message, where=where) from error


def check(thing: object) -> None:
    """Raise LectureError unless `thing` may stand on a slide: text, or an object with a toHTML() method."""
    if isinstance(thing, str):
        return
    if isinstance(thing, type):
        raise LectureError(f"the class {thing.__name__} cannot stand on a slide; make one: {thing.__name__}(…)")
    if not callable(getattr(thing, "toHTML", None)):
        raise LectureError(f"{thing!r} cannot stand on a slide: it is neither text nor has it a toHTML() method")


def _kind(thing: object) -> str:
    return type(thing).__name__


class Element:
    """One piece of a lecture.

    where: file and line of the call that made it. An element made by reading another file (a deck in Markdown) is
        given the place in that file instead.
    role: "text" if it stands in the middle of a sentence, "block" if on lines of its own, "exhibit" if it is something
        to look at (code, a picture), which a slide may put beside its words.
    """

    where: Where
    role = "text"

    # In __new__ and not in __init__: the frame above is then the author's call, however many __init__ a subclass in the
    # deck has put on top of ours, and also when it forgets to call ours.
    def __new__(cls, *args: object, **kwargs: object) -> Self:
        self = super().__new__(cls)
        frame = sys._getframe(1)
        self.where = Where(_PATH_OF(frame.f_code.co_filename), frame.f_lineno)
        return self

    def children(self) -> tuple[object, ...]:
        """What stands directly inside, in order: strings, elements, and anything with a toHTML() method."""
        return ()

    def toHTML(self) -> str:
        """This piece as HTML."""
        raise LectureError(f"{_kind(self)} has no toHTML() of its own; write one that returns HTML")

    def walk(self) -> Iterator[Element]:
        """This element and every element inside it, in the order of the slide.

        Looks into foreign objects too (their attributes, and lists among these), so that a program shown inside an
        author's own wrapper is found.
        """
        yield self
        for child in self.children():
            yield from _elements_in(child, depth=0)

    def check(self) -> None:
        """Raise LectureError, naming the line, when something that cannot stand on a slide is inside."""
        for element in self.walk():
            for child in element.children():
                try:
                    check(child)
                except LectureError as problem:
                    problem.where = problem.where or element.where
                    raise


def _elements_in(thing: object, depth: int) -> Iterator[Element]:
    if isinstance(thing, Element):
        yield from thing.walk()
    elif isinstance(thing, list | tuple):
        for part in thing:
            yield from _elements_in(part, depth)
    elif depth < 8 and hasattr(thing, "toHTML"):  # bounded: an author's objects may refer to each other in a circle
        for part in getattr(thing, "__dict__", {}).values():
            yield from _elements_in(part, depth + 1)


class HTML(Element):
    """Markup that goes to the page as it is, the one element that is not escaped. For what you wrote yourself."""

    def __init__(self, markup: str) -> None:
        self.html = markup

    def toHTML(self) -> str:
        return self.html


class Aside(Element):
    """Something that belongs to a slide but is not shown on it, such as what the speaker says.

    for_readers: whether pages and notebooks have it too, as `toHTML()`; the speaker's window has every one.
    """

    role = "block"
    for_readers = True

    def spoken(self) -> str:
        """HTML for the speaker's window."""
        return toHTML(self)


class Step(Aside):
    """What stands after it on its slide appears one step later. On a page, which shows all steps, it is nothing."""

    def __init__(self, *things: object) -> None:
        if things:
            raise LectureError("Step() holds nothing: write it before what appears later", where=self.where)

    def toHTML(self) -> str:
        return ""


class Bullet(Element):
    """A point of a list. Holds text, other elements, and further bullets, which become a list below it."""

    role = "block"

    def __init__(self, *texts: object) -> None:
        self.texts = texts

    def children(self) -> tuple[object, ...]:
        return self.texts

    def toHTML(self) -> str:
        return f'<li dir="auto">{flow(self.texts)}</li>\n'


class SubBullet(Element):
    """A list one level further in: `SubBullet("Problems:", Bullet("cost"), Bullet("care"))`.

    What stands before the first Bullet is its opening words; without any Bullet the words are the only point.
    After a Bullet it belongs to that Bullet.
    """

    role = "block"
    list_tag = "ul"

    def __init__(self, *bullets: object) -> None:
        self.bullets = bullets

    def children(self) -> tuple[object, ...]:
        return self.bullets

    def toHTML(self) -> str:
        if not any(isinstance(child, Bullet) for child in self.bullets):
            return f'<{self.list_tag}><li dir="auto">{flow(self.bullets)}</li></{self.list_tag}>\n'
        return f'<div class="sub">{flow(self.bullets, self.list_tag, wrap_text=True)}</div>\n'


class Heading(Element):
    """A heading inside a slide; level 1 to 6 as in HTML."""

    role = "block"

    def __init__(self, level: int, text: object) -> None:
        self.level = level
        self.text = text

    def children(self) -> tuple[object, ...]:
        return (self.text,)

    def toHTML(self) -> str:
        if self.level not in range(1, 7):
            raise LectureError(f"a heading of level {self.level!r} does not exist; choose 1 to 6")
        return f'<h{self.level} dir="auto">{toHTML(self.text)}</h{self.level}>\n'


class Center(Element):
    """Text or an element in the middle of the line."""

    role = "block"

    def __init__(self, text: object) -> None:
        self.text = text

    def children(self) -> tuple[object, ...]:
        return (self.text,)

    def toHTML(self) -> str:
        return f'<div class="center" dir="auto">{toHTML(self.text)}</div>\n'


def flow(children: Iterable[object], list_tag: str = "ul", *, wrap_text: bool = False, first: int = 1) -> str:
    """HTML of several things in order, arranged so that it is valid wherever they stand.

    Bullets next to each other become one list, a SubBullet goes below the bullet before it, asides are left out.
    list_tag: "ul" or "ol"; a numbered list that is interrupted goes on counting after the interruption.
    first: the number that a numbered list begins with.
    wrap_text: put words between the blocks into a <div>, which gets its own writing direction, and exhibits into one.
    """
    return arranged(gathered(children), list_tag, wrap_text=wrap_text, first=first)


class Piece(NamedTuple):
    """The markup of one thing. kind: "item" of a list, or the role of an Element."""

    kind: str
    markup: str


def arranged(pieces: Iterable[Piece], list_tag: str = "ul", *, wrap_text: bool = False, first: int = 1) -> str:
    """HTML of pieces, as `flow` has it."""
    parts: list[str] = []
    items = 0
    for kind, run in groupby(pieces, key=lambda piece: piece.kind):
        markup = [piece.markup for piece in run]
        joined = "".join(markup)
        if kind == "item":
            start = f' start="{items + first}"' if items + first != 1 and list_tag == "ol" else ""
            joined = f"<{list_tag}{start}>\n{joined}</{list_tag}>\n"
            items += len(markup)
        elif kind == "text" and wrap_text:
            joined = f'<div class="text" dir="auto">{joined}</div>\n'
        elif kind == "exhibit" and wrap_text:
            joined = f'<div class="exhibits">{joined}</div>\n'
        parts.append(joined)
    return "".join(parts)


def gathered(children: Iterable[object], before: list[Piece] | None = None) -> list[Piece]:
    """The pieces of several things in order, without the asides.

    before: what they come after; a SubBullet goes into a bullet at its end.
    """
    pieces = [] if before is None else before
    for child in children:
        if isinstance(child, Aside):
            _pass(child)
            continue
        markup = _drawn(child)
        if isinstance(child, SubBullet) and pieces and pieces[-1].kind == "item":
            pieces[-1] = Piece("item", _into_item(pieces[-1].markup, markup))
        else:
            pieces.append(Piece(_role(child, markup), markup))
    return pieces


def _pass(aside: Aside) -> None:
    if steps := counting():
        if isinstance(aside, Step):
            steps.go_on()
        else:
            steps.asides.append((steps.here, aside))


def _drawn(child: object) -> str:
    """What `child` looks like, with the step at which it appears if steps are counted."""
    steps = counting()
    if steps is None:
        return toHTML(child)
    with steps.inside() as (around, step):
        markup = toHTML(child)
    return appearing(markup, step, in_sentence=_role(child, markup) == "text") if step > around else markup


def _role(child: object, markup: str) -> str:
    # An author's own kind of bullet need not derive from ours: what comes out is what counts.
    if not isinstance(child, str) and markup.lstrip()[:3].lower() == "<li" and markup.rstrip()[-5:].lower() == "</li>":
        return "item"
    return child.role if isinstance(child, Element) else "text"


def _into_item(item: str, markup: str) -> str:
    return f"{item.rstrip()[:-5]}{markup}</li>\n"
