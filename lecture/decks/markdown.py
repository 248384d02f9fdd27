"""A lecture written as one Markdown file.

    # The Tutorial of Doom                  the lecture; text before the first slide makes a title slide of it

    ## The event driven waiter              a slide
    - One waiter, **all** tables            a Bullet; what is indented below belongs to it: more points, code, text
        - and no queue
    1. First this                           a numbered list makes the slide a NumSlide
    Any paragraph, table or quotation       is Markdown
    ![The loop](loop.svg)                   on a line of its own: an Image
    ```python                               PRE, coloured
    print("hello")
    ```
    ::code 01_waiter/waiter.py Waiter 2-4   Code: file, name (or "-"), and lines or a quoted text to highlight
    ::session 01_waiter                     Session
    ::sequence 01_waiter                    Sequence
    :::notes
    What the speaker says.
    :::
    ## Part 2 {.title}                      a TitleSlide; {.numbered} makes a NumSlide

Two colons are a line by itself, three open a block and close it, as CommonMark's proposal for generic directives has
it. Each element knows its line in the file, and each error names it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import NamedTuple, TypeVar

from lecture.elements.element import Bullet, Element, SubBullet
from lecture.elements.images import Image
from lecture.elements.listings import PRE, Code, Session
from lecture.elements.markup import Markdown, Notes
from lecture.elements.sequences import Sequence as Diagram
from lecture.errors import LectureError, Where
from lecture.slides import Lecture, NumSlide, Slide, TitleSlide

E = TypeVar("E", bound=Element)

_HEADING = re.compile(r"(#{1,2})\s+(.*?)\s*(?:\{\.(\w+)\}\s*)?$")
_FENCE = re.compile(r"(`{3,}|~{3,})\s*([\w+#.-]*)\s*$")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)\s*$")
_ITEM = re.compile(r"(?:[-*+]|(\d+)[.)])\s+(?=\S)")
_LEAF = re.compile(r"::(code|session|sequence)\s+(.*)$")
_NOTES = re.compile(r":::\s*notes\s*$")
_KINDS: dict[str | None, type[Slide]] = {None: Slide, "title": TitleSlide, "numbered": NumSlide}


class Line(NamedTuple):
    """A line of the file, with its number, which counts from 1."""

    number: int
    text: str


class NumSubBullet(SubBullet):
    """A numbered list below a point."""

    list_tag = "ol"


def load_markdown(path: str | PathLike[str]) -> Lecture:
    """The lecture that a Markdown file describes.

    Raises LectureError, with file and line, when the file can't be read or a line of it can't be understood.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LectureError(f"the deck {str(file)!r} cannot be read: {error}", where=Where(file, 1)) from error
    lines = [Line(number, line) for number, line in enumerate(text.expandtabs(4).splitlines(), 1)]
    return _Deck(file, lines).lecture()


class _Blocks:
    """Reads elements from lines, from top to bottom; `at` is the index of the line to look at next."""

    def __init__(self, file: Path, lines: list[Line], slide: str | None = None) -> None:
        self.file = file
        self.lines = lines
        self.at = 0
        self.slide = slide
        self.readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Element]], ...] = (
            (_FENCE, self._fence),
            (_NOTES, self._notes),
            (_LEAF, self._leaf),
            (_IMAGE, lambda match: Image(match.group(2), match.group(1))),
            (_ITEM, self._list),
        )

    def read(self, until: re.Pattern[str] | None = None) -> list[Element]:
        """The elements up to a line that matches `until`, or to the end."""
        elements: list[Element] = []
        while self.at < len(self.lines):
            text = self.lines[self.at].text
            if until is not None and until.match(text):
                break
            if text.strip():
                elements.append(self._block())
            else:
                self.at += 1
        return elements

    def _block(self) -> Element:
        line = self._take()
        for pattern, reader in self.readers:
            match = pattern.match(line.text)
            if match:
                return self.placed(partial(reader, match), line.number)
        if line.text.startswith("::"):
            known = "::code FILE, ::session EXAMPLE, ::sequence EXAMPLE and :::notes"
            message = f"cannot understand {line.text.strip()!r}; there are {known}"
            raise self.problem(message, line.number)
        return self.placed(partial(self._paragraph, line), line.number)

    def _fence(self, opening: re.Match[str]) -> Element:
        text = self._until(re.compile(rf"{opening.group(1)}\s*$"), f"{opening.group(1)} closes this code")
        return PRE(text, opening.group(2))

    def _notes(self, opening: re.Match[str]) -> Element:
        return Notes(self._until(re.compile(r":::\s*$"), "::: closes these notes"))

    def _leaf(self, match: re.Match[str]) -> Element:
        kind, words = match.group(1), shlex.split(match.group(2))
        if kind in ("session", "sequence") and len(words) == 1:
            return Session(words[0]) if kind == "session" else Diagram(words[0])
        if kind == "code" and 1 <= len(words) <= 3:
            name = words[1] if len(words) > 1 and words[1] != "-" else None
            return Code(words[0], name, _highlighted(words[2]) if len(words) == 3 else ())
        known = "::code FILE NAME LINES, ::session EXAMPLE or ::sequence EXAMPLE"
        raise LectureError(f"cannot understand {match.group()!r}; write {known}")

    def _list(self, first: re.Match[str]) -> Element:
        numbered = first.group(1) is not None
        self.at -= 1
        bullets = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            match = _ITEM.match(line.text)
            if match is None or (match.group(1) is not None) != numbered:
                break
            bullets.append(self.placed(partial(self._item, match.end()), line.number))
        return (NumSubBullet if numbered else SubBullet)(*bullets)

    def _item(self, width: int) -> Bullet:
        """The point that begins here: its first line, and all lines below that are indented."""
        first = self._take()
        below: list[Line] = []
        while self.at < len(self.lines) and self._is_indented():
            below.append(self._take())
        indent = min((_indent(line.text) for line in below if line.text.strip()), default=0)
        inside = [Line(first.number, first.text[width:]), *(Line(number, text[indent:]) for number, text in below)]
        return Bullet(*_Blocks(self.file, inside, self.slide).read())

    def _is_indented(self) -> bool:
        """A blank line belongs to the point when what follows it does."""
        following = next((line.text for line in self.lines[self.at :] if line.text.strip()), "")
        return _indent(following) >= 2

    def _paragraph(self, first: Line) -> Element:
        texts = [first.text]
        while self.at < len(self.lines) and self._continues(self.lines[self.at].text):
            texts.append(self._take().text)
        return Markdown("\n".join(texts))

    def _continues(self, text: str) -> bool:
        opens = _HEADING.match(text) or text.startswith("::") or any(p.match(text) for p, _ in self.readers)
        return bool(text.strip()) and not opens

    def _take(self) -> Line:
        self.at += 1
        return self.lines[self.at - 1]

    def _until(self, closing: re.Pattern[str], rule: str) -> str:
        opened = self.lines[self.at - 1].number
        texts: list[str] = []
        while self.at < len(self.lines):
            line = self._take()
            if closing.match(line.text):
                return "".join(f"{text}\n" for text in texts)
            texts.append(line.text)
        raise self.problem(f"the file ends before {rule}", opened)

    def placed(self, make: Callable[[], E], line: int) -> E:
        """The element, with its place in this file instead of the place in this program."""
        where = Where(self.file, line)
        try:
            element = make()
        except (LectureError, ValueError) as error:
            if isinstance(error, LectureError) and error.where and error.where.file == self.file:
                raise
            raise self.problem(getattr(error, "message", str(error)), line) from error
        element.where = where
        return element

    def problem(self, message: str, line: int) -> LectureError:
        return LectureError(message, where=Where(self.file, line), slide=self.slide)


class _Deck(_Blocks):
    """The whole file: headings, and blocks between them."""

    def lecture(self) -> Lecture:
        while self.at < len(self.lines) and not self.lines[self.at].text.strip():
            self.at += 1
        title, line = self._heading("#", "a deck begins with its title: # The title of the lecture")[1:3]
        opening = self.read(_HEADING)
        slides: list[Slide] = [self.placed(lambda: TitleSlide(title, *_spread(opening, SubBullet)), line)]
        slides = slides if opening else []
        while self.at < len(self.lines):
            slides.append(self._slide())
        return self.placed(lambda: Lecture(title, *slides), line)

    def _slide(self) -> Slide:
        kind, title, line = self._heading("##", "a lecture has one title with a single #; begin a slide with ##")
        self.slide = title
        content = self.read(_HEADING)
        list_kind = next((type(part) for part in content if isinstance(part, SubBullet)), SubBullet)
        if kind is Slide and list_kind is NumSubBullet:
            kind = NumSlide
        return self.placed(lambda: kind(title, *_spread(content, list_kind)), line)

    def _heading(self, level: str, rule: str) -> tuple[type[Slide], str, int]:
        match = _HEADING.match(self.lines[self.at].text) if self.at < len(self.lines) else None
        if match is None or match.group(1) != level:
            raise self.problem(rule, self.lines[self.at].number if self.at < len(self.lines) else 1)
        line = self._take().number
        if match.group(3) not in _KINDS:
            raise self.problem(
                f"there is no slide of the kind {{.{match.group(3)}}}; write {{.title}} or {{.numbered}}", line
            )
        return _KINDS[match.group(3)], match.group(2), line


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _spread(content: list[Element], list_kind: type[SubBullet]) -> list[object]:
    """`content` with the points of its lists standing on the slide itself."""
    spread: list[object] = []
    for part in content:
        spread.extend(part.bullets if type(part) is list_kind else [part])
    return spread


def _highlighted(word: str) -> Sequence[int] | str:
    """Line numbers from "2-4,7"; any other word is a text to look for."""
    if not re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", word):
        return word
    spans = [part.partition("-") for part in word.split(",")]
    return [line for first, _, last in spans for line in range(int(first), int(last or first) + 1)]
