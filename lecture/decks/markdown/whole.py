"""The whole file: where its slides begin and end, and what makes a lecture of them.

The file is read twice: as a whole, to see where the slides are, since only the reader knows that a `---` in code
divides nothing; and slide by slide, so that footnotes stand on their slide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode as Node

from lecture.decks.markdown.comments import Comments
from lecture.decks.markdown.parts import List, NumSubBullet, Parts, Source
from lecture.decks.markdown.syntax import deck_reader
from lecture.elements.element import Bullet, Element, SubBullet
from lecture.elements.images import Image
from lecture.elements.markup import Cue
from lecture.elements.safe_markdown import Environment
from lecture.slides import Lecture, NumSlide, Slide, TitleSlide

_ATTRIBUTES = re.compile(r"\s*\{\s*((?:\.\w+|minutes=[^\s}]*|short)(?:\s+(?:\.\w+|minutes=[^\s}]*|short))*)\s*\}\s*$")
_KINDS: dict[str | None, type[Slide]] = {None: Slide, "title": TitleSlide, "numbered": NumSlide}
_SETTING = re.compile(r"^([A-Za-z_]\w*)[ \t]*:[ \t]*(\S.*)$", re.MULTILINE)
_OPENING_LAYOUTS = {"cover", "intro", "section", "end"}  # of Slidev
_OPENING_CLASSES = {"lead", "title"}  # of Marp's themes


class UntitledSlide(Slide):
    """A slide without a heading; its title is for the contents, and for who can't see the slide."""

    def heading(self) -> str:
        return super().heading().replace("<h1", '<h1 class="unseen"', 1)


class Heading(NamedTuple):
    """A heading of the first or second level, or of any in decks of others. line: counted from 0."""

    level: int
    text: str
    line: int


class Part(NamedTuple):
    """Some lines of the file, counted from 0; the last is not among them. settings: what was said about them."""

    begin: int
    end: int
    settings: str = ""


class Time(NamedTuple):
    """What `minutes` and `short` say on a slide."""

    minutes: float = 1.0
    short: bool = False


class Deck:
    """A deck in Markdown. text: of the file."""

    def __init__(self, file: Path, text: str) -> None:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.source = Source(file, lines)
        self.env: Environment = {}
        self.tokens = deck_reader().parse("\n".join(lines), self.env)
        self.source.of_others = self._is_divided_by_rules()

    def _is_divided_by_rules(self) -> bool:
        if any(token.type == "hr" and token.level == 0 and token.markup[0] == "-" for token in self.tokens):
            return True
        titles = [heading for heading in _headings(self.tokens) if heading.level == 1]
        return self._front_matter() is not None and len(titles) != 1

    def _front_matter(self) -> Token | None:
        return self.tokens[0] if self.tokens and self.tokens[0].type == "front_matter" else None

    def lecture(self) -> Lecture:
        """The lecture. Raises LectureError, with the line, for what can't be understood."""
        return self._of_others() if self.source.of_others else self._of_ours()

    # Our own: `# ` is the lecture, `## ` a slide

    def _of_ours(self) -> Lecture:
        front = self._front_matter()
        begin = front.map[1] if front and front.map else 0
        headings = [heading for heading in _headings(self.tokens) if heading.level <= 2]
        if not headings or headings[0].level != 1 or self._says_something(begin, headings[0].line):
            line = next((n for n, text in enumerate(self.source.lines) if n >= begin and text.strip()), 0)
            raise self.source.problem("a deck begins with its title: # The title of the lecture", line)
        again = next((heading for heading in headings[1:] if heading.level == 1), None)
        if again:
            rule = "a lecture has one title with a single #; begin a slide with ##, or divide slides by ---"
            raise self.source.problem(rule, again.line)
        title, *starts = headings
        ends = [start.line for start in starts] + [len(self.source.lines)]
        opening, notes = self._content(Part(begin, ends[0]), title)
        slides: list[Slide] = []
        if opening:
            slides.append(self._made(TitleSlide, title.text, [*opening, *notes], title.line))
            notes = []
        for start, end in zip(starts, ends[1:], strict=True):
            slides.append(self._slide(start, Part(start.line, end), notes))
            notes = []
        return self.source.placed(lambda: Lecture(title.text, *slides), title.line)

    def _says_something(self, begin: int, end: int) -> bool:
        return any(self._content(Part(begin, end), None)[0])

    def _slide(self, heading: Heading, part: Part, earlier: list[Cue]) -> Slide:
        found = _ATTRIBUTES.search(heading.text)
        title = heading.text[: found.start()] if found else heading.text
        self.source.slide = title
        kind, time = None, Time()
        for word in found[1].split() if found else ():
            if word.startswith("."):
                kind = word[1:]
            else:
                time = self._time({word.partition("=")[0]: word.partition("=")[2] or "true"}, heading.line, time)
        if kind not in _KINDS:
            wrong = f"there is no slide of the kind {{.{kind}}}; write {{.title}} or {{.numbered}}"
            raise self.source.problem(wrong, heading.line)
        content, notes = self._content(part, heading)
        return self._made(_KINDS[kind], title, [*content, *earlier, *notes], heading.line, time)

    def _time(self, settings: dict[str, str], line: int, time: Time) -> Time:
        """`time` with what the settings of a slide say about it."""
        minutes, short = settings.get("minutes", str(time.minutes)), settings.get("short", str(time.short)).lower()
        try:
            return Time(float(minutes), {"true": True, "false": False}[short])
        except KeyError:
            raise self.source.problem(f"short: {short} is neither true nor false", line) from None
        except ValueError:
            raise self.source.problem(f"{minutes!r} is no number of minutes: write minutes=1.5", line) from None

    def _made(
        self, kind: type[Slide], title: str, content: list[Element], line: int, time: Time | None = None
    ) -> Slide:
        first = next((part for part in content if isinstance(part, SubBullet)), None)
        numbered = isinstance(first, NumSubBullet) and first.start == 1
        if kind is Slide and numbered:
            kind = NumSlide
        points = NumSubBullet if kind is NumSlide and numbered else SubBullet
        things, (minutes, short) = _spread(content, points), time or Time()
        return self.source.placed(lambda: kind(title, *things, minutes=minutes, short=short), line)

    # Those of others: `---` divides slides

    def _of_others(self) -> Lecture:
        slides = [self._slide_of_others(number, part) for number, part in enumerate(self._divided(), 1)]
        front = self._front_matter()
        settings = _settings(front.content if front else "")
        title = settings.get("title") or next((s.title for s in slides if not isinstance(s, UntitledSlide)), "")
        lecture = self.source.placed(lambda: Lecture(title or self.source.file.stem, *slides), 0)
        if re.fullmatch(r"[A-Za-z]{2,3}(-\w+)*", settings.get("lang", "")):
            lecture.lang = settings["lang"]
        return lecture

    def _divided(self) -> Iterator[Part]:
        front = self._front_matter()
        begin = front.map[1] if front and front.map else 0
        settings = front.content if front else ""
        levels = _divider(_settings(settings).get("headingDivider", ""))
        for token in self.tokens:
            if token.level or not token.map:
                continue
            line, end = token.map
            if token.type == "hr":
                yield Part(begin, line, settings)
                begin, settings = end, token.content
            elif token.type == "heading_open" and int(token.tag[1]) in levels and self._says_something(begin, line):
                yield Part(begin, line, settings)
                begin, settings = line, ""
        yield Part(begin, len(self.source.lines), settings)

    def _slide_of_others(self, number: int, part: Part) -> Slide:
        tokens = [token for token in self.tokens if token.map and part.begin <= token.map[0] < part.end]
        heading = next(_headings(tokens), None)
        self.source.slide = heading.text if heading else f"Slide {number}"
        settings = _settings(part.settings)
        if "src" in settings:
            said = part.settings.splitlines()
            line = part.begin - 1 - len(said) + next(n for n, text in enumerate(said) if text.startswith("src"))
            raise self.source.problem("slides in another file are not read: put them here", line)
        content, notes = self._content(part, heading, settings)
        title = heading.text if heading else self.source.slide
        line = heading.line if heading else part.begin
        is_opening = (number == 1 and heading is not None and heading.level == 1) or _opens(settings)
        kind = UntitledSlide if heading is None else TitleSlide if is_opening else Slide
        return self._made(kind, title, [*content, *notes], line, self._time(settings, part.begin, Time()))

    # Of both

    def _content(
        self, part: Part, heading: Heading | None, settings: dict[str, str] | None = None
    ) -> tuple[list[Element], list[Cue]]:
        """What stands on a slide, without its heading, and what the speaker says in comments."""
        settings = {} if settings is None else settings
        file = self.source.file
        env: Environment = {"file": file, "folder": file.parent, "docId": str(part.begin)}
        env["references"] = self.env.get("references", {})
        tokens = deck_reader().parse("\n".join(self.source.lines[part.begin : part.end]), env)
        _move(tokens, part.begin)
        comments = Comments(self.source)
        tokens = comments.taken_from(tokens)
        settings |= comments.settings
        nodes = [node for node in Node(tokens).children if not _is_heading(node, heading)]
        content = Parts(self.source, env).elements(nodes)
        if self.source.of_others and "image" in settings:
            content.append(self.source.placed(lambda: Image(settings["image"].strip("/\"'")), part.begin))
        return content, comments.notes


def _headings(tokens: Iterable[Token]) -> Iterator[Heading]:
    """The headings that stand by themselves."""
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            yield Heading(int(token.tag[1]), _plain(inline), token.map[0])


def _is_heading(node: Node, heading: Heading | None) -> bool:
    return heading is not None and node.type == "heading" and node.map is not None and node.map[0] == heading.line


def _plain(inline: Token) -> str:
    """The words of a title; comments are for the speaker."""
    shown = ("text", "code_inline", "math_inline", "image", "html_inline")
    children = inline.children or []
    words = (child.content if child.type in shown else " " * (child.type == "softbreak") for child in children)
    return " ".join(re.sub(r"<!--.*?-->", "", "".join(words)).split())


def _move(tokens: Iterable[Token], lines: int) -> None:
    """Count the lines of tokens from the file's beginning."""
    for token in tokens:
        if token.map:
            token.map = [token.map[0] + lines, token.map[1] + lines]
        _move(token.children or [], lines)


def _settings(text: str) -> dict[str, str]:
    """Names and values at the outermost level of YAML, each on one line: the few that we look at are written so."""
    return {name: value.strip().strip("\"'") for name, value in _SETTING.findall(text)}


def _divider(value: str) -> range | set[int]:
    """The levels of headings at which Marp begins a slide: up to `2`, or those in `[1, 3]`."""
    numbers = {int(number) for number in re.findall(r"[1-6]", value)}
    return numbers if "[" in value or not numbers else range(1, max(numbers) + 1)


def _opens(settings: dict[str, str]) -> bool:
    classes = set(re.findall(r"[\w-]+", settings.get("class", "")))
    return settings.get("layout") in _OPENING_LAYOUTS or bool(classes & _OPENING_CLASSES)


def _spread(content: list[Element], points: type[SubBullet]) -> list[object]:
    """`content` with the points of its lists standing on the slide itself, where that keeps their numbers."""
    spread: list[object] = []
    for part in content:
        count = sum(isinstance(thing, Bullet) for thing in spread)
        goes_on = not isinstance(part, NumSubBullet) or part.start == count + 1
        if type(part) is points and goes_on:
            spread += part.bullets
        else:
            spread.append(List(part) if isinstance(part, SubBullet) else part)
    return spread
