"""The parts of one slide: from markdown-it's tree to elements, each with its line in the file."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

from markdown_it.tree import SyntaxTreeNode as Node

from lecture.elements.element import Bullet, Element, Step, SubBullet, flow, toHTML
from lecture.elements.highlights import Highlight
from lecture.elements.images import Image
from lecture.elements.listings import PRE, Code, Session
from lecture.elements.markup import Markdown, Notes, Parsed
from lecture.elements.questions import Ask
from lecture.elements.safe_markdown import Environment
from lecture.elements.sequences import Sequence as Diagram
from lecture.elements.wrong import Wrong
from lecture.errors import LectureError, Where

E = TypeVar("E", bound=Element | None)

COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)

# Drawn by script, in a browser: nothing here can.
_DIAGRAMS = ("mermaid", "plantuml")
_SLOT = re.compile(r"::[\w-]+::")  # of Slidev: the next part of a layout with several
_OPTIONS = re.compile(r"\{([\d\s,|*-]+|all|none|hide)(\|[^}]*)?\}")
# What Marp is told beside the words for who can't see a picture: ![bg right:40% w:300 The loop](loop.svg)
_MARP_WORD = re.compile(r"(bg|left|right|fit|cover|contain|vertical|auto)(:\d+%)?|\w+:[\w.%-]+|\d+%")


class NumSubBullet(SubBullet):
    """A numbered list below a point. start: the number of its first point."""

    list_tag = "ol"

    def __init__(self, *bullets: object, start: int = 1) -> None:
        super().__init__(*bullets)
        self.start = start

    def toHTML(self) -> str:
        return f'<div class="sub">{flow(self.bullets, self.list_tag, wrap_text=True, first=self.start)}</div>\n'


class List(Element):
    """A list that stands by itself: neither points of the slide, nor below the point before it."""

    role = "block"

    def __init__(self, points: SubBullet) -> None:
        self.points = points

    def children(self) -> tuple[object, ...]:
        return (self.points,)

    def toHTML(self) -> str:
        return toHTML(self.points)


@dataclass
class Source:
    """The file that a slide is in.

    lines: all of it. of_others: whether it is a deck as Marp and Slidev have them. slide: the title, for errors.
    """

    file: Path
    lines: list[str]
    of_others: bool = False
    slide: str | None = None

    def problem(self, message: str, line: int) -> LectureError:
        """An error at a line, counted from 0."""
        return LectureError(message, where=Where(self.file, line + 1), slide=self.slide)

    def placed(self, make: Callable[[], E], line: int) -> E:
        """The element, with its place in this file instead of the place in this program."""
        try:
            element = make()
        except (LectureError, ValueError) as error:
            if isinstance(error, LectureError) and error.where and error.where.file == self.file:
                raise
            raise self.problem(getattr(error, "message", str(error)), line) from error
        if element is not None:
            element.where = Where(self.file, line + 1)
        return element


class Parts:
    """Makes the elements of a slide. env: what its tokens were read with."""

    def __init__(self, source: Source, env: Environment) -> None:
        self.source = source
        self.env = env
        self.makers: dict[str, Callable[[Node], Element | None]] = {
            "fence": self._fence,
            "code_block": lambda node: PRE(node.content),
            "directive": self._directive,
            "container_notes": self._notes,
            "container_ask": self._ask,
            "bullet_list": self._list,
            "ordered_list": self._list,
            "step": lambda node: Step(),
        }

    def elements(self, nodes: Sequence[Node]) -> list[Element]:
        """The elements of nodes beside each other. Text in several blocks is one element, which keeps them apart."""
        elements: list[Element] = []
        for make, run in groupby(nodes, key=self._maker):
            if make is None:
                elements.append(self._text(list(run)))
                continue
            for node in run:
                made = self.source.placed(partial(make, node), _line(node))
                elements += [made] if made else []
        return elements

    def _maker(self, node: Node) -> Callable[[Node], Element | None] | None:
        """What makes an element of a node; None for text."""
        if node.type == "paragraph" and [child.type for child in node.children[0].children] == ["image"]:
            return self._image
        return self.makers.get(node.type)

    def _text(self, nodes: list[Node]) -> Markdown:
        text = "\n\n".join(map(self._source_of, nodes))
        tokens = [token for node in nodes for token in node.to_tokens()]
        return self.source.placed(lambda: Markdown(text, Parsed(tokens, self.env)), _line(nodes[0]))

    def _source_of(self, node: Node) -> str:
        """The text of a node as it was written, for notebooks, whose readers have a Markdown of their own."""
        if node.type == "paragraph":
            return node.children[0].content
        if node.type == "html_block" or node.map is None:
            return node.content if node.type == "html_block" else ""
        lines = COMMENT.sub("", "\n".join(self.source.lines[slice(*node.map)])).split("\n")
        indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        return "\n".join(line[indent:] for line in lines).rstrip()

    def _image(self, node: Node) -> Image:
        image = node.children[0].children[0]
        alt = "".join(child.content for child in image.children)
        if self.source.of_others:
            alt = " ".join(word for word in alt.split() if not _MARP_WORD.fullmatch(word))
        return Image(unquote(str(image.attrs.get("src", ""))), alt)

    def _fence(self, node: Node) -> PRE:
        begin, end = node.map or (0, 0)
        last = self.source.lines[end - 1].strip()
        if end - 1 == begin or last.strip(node.markup[0]) or len(last) < len(node.markup):
            raise LectureError(f"the text ends before {node.markup} closes this code")
        language = re.split(r"[\s{]", node.info.strip(), maxsplit=1)[0]
        if language in _DIAGRAMS:
            way = "put a picture of it there, or ::sequence EXAMPLE for who says what to whom"
            raise LectureError(f"a diagram in {language} can't be drawn, since it takes script to draw it: {way}")
        options = _OPTIONS.search(node.info)
        if not options and (braces := re.search(r"\{\s*\d[^}]*\}?", node.info)):
            raise LectureError(f"cannot understand {braces[0]!r}: write {{2-4,7}} for lines, {{2-4|7}} for a step each")
        return PRE(node.content, language, _stepped(options[0][1:-1]) if options else ())

    def _directive(self, node: Node) -> Element | None:
        text = node.content
        if self.source.of_others and _SLOT.fullmatch(text):
            return None
        kind, _, rest = text.removeprefix("::").partition(" ")
        if kind not in ("code", "session", "sequence", "wrong"):
            known = "::code FILE, ::session EXAMPLE, ::sequence EXAMPLE, ::wrong EXAMPLE NAME, :::notes and :::ask"
            raise LectureError(f"cannot understand {text!r}; there are {known}")
        words = shlex.split(rest)
        if kind in ("session", "sequence") and len(words) == 1:
            return Session(words[0]) if kind == "session" else Diagram(words[0])
        if kind == "session" and words[1:] == ["steps"]:
            return Session(words[0], steps=True)
        if kind == "wrong" and len(words) == 2:
            return Wrong(*words)
        if kind == "code" and 1 <= len(words) <= 3:
            name = words[1] if len(words) > 1 and words[1] != "-" else None
            return Code(words[0], name, _highlighted(words[2]) if len(words) == 3 else ())
        known = "::code FILE NAME LINES, ::session EXAMPLE, ::session EXAMPLE steps, ::sequence EXAMPLE or "
        known += "::wrong EXAMPLE NAME"
        raise LectureError(f"cannot understand {text!r}; write {known}")

    def _notes(self, node: Node) -> Notes:
        return Notes("".join(f"{line}\n" for line in self._inside(node, "these notes")))

    def _ask(self, node: Node) -> Ask:
        words = shlex.split(node.info)[1:]
        if len(words) not in (0, 2, 3):
            known = ':::ask, or with its proof :::ask EXAMPLE "what it printed" "of which command"'
            raise LectureError(f"cannot understand {':::' + node.info.strip()!r}; write {known}")
        run, shows, command = (*words, "", "", "")[:3]
        question, _, answer = "\n".join(self._inside(node, "this question")).strip().partition("\n\n")
        return Ask(question, answer, run=run, shows=shows.replace("\\n", "\n"), command=command)

    def _inside(self, node: Node, what: str) -> list[str]:
        begin, end = node.map or (0, 0)
        if not "".join(self.source.lines[end : end + 1]).strip().startswith(":::"):
            raise LectureError(f"the text ends before ::: closes {what}")
        return self.source.lines[begin + 1 : end]

    def _point(self, node: Node) -> Bullet:
        return Bullet(*self.elements(node.children))

    def _list(self, node: Node) -> SubBullet:
        points = [self.source.placed(partial(self._point, item), _line(item)) for item in node.children]
        if node.type == "bullet_list":
            return SubBullet(*points)
        return NumSubBullet(*points, start=int(node.attrs.get("start", 1)))


def _line(node: Node) -> int:
    return node.map[0] if node.map else 0


def _stepped(options: str) -> Highlight:
    """The lines that each step of `2|3-4|all` names; at "all" and "none", no line stands out."""
    steps = [list(_line_numbers(step)) if re.search(r"\d", step) else [] for step in options.split("|")]
    return steps[0] if len(steps) == 1 else steps


def _highlighted(word: str) -> Highlight:
    """Line numbers from "2-4,7", and groups of them from "2-4|7"; any other word is a text to look for."""
    return _stepped(word) if re.fullmatch(r"\d+(-\d+)?([,|]\d+(-\d+)?)*", word) else word


def _line_numbers(word: str) -> Iterator[int]:
    for part in filter(None, re.split(r"[,\s]+", word)):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
