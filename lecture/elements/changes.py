"""What changes between two stages of a program: read off the programs themselves, and shown change by change."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from lecture.elements.element import Element, escape
from lecture.elements.listings import Code, coloured, figure, measure
from lecture.elements.steps import counting
from lecture.errors import LectureError

_SIGNS = {"same": " ", "new": "+", "gone": "−"}
_TAGS = {"same": "span", "new": "ins", "gone": "del"}
_APART = 1  # lines that stay the same between two changes, or the two are one


class Changes(Element):
    """The way from one stage of a program to the next: what goes, and what comes. Presented, each change is a step.

    before, after: files, relative to the folder of examples, "03_echo/server.py".
    name: of a piece of the one after, as for Code; the whole file without. was: of the piece before, if that has
        another name.
    Drawing raises LectureError for pieces that are the same, or that have nothing in common.
    """

    role = "exhibit"

    def __init__(self, before: str, after: str, name: str | None = None, was: str | None = None) -> None:
        self.before = Code(before, was or name)
        self.after = Code(after, name)
        self.before.where = self.after.where = self.where

    def children(self) -> tuple[object, ...]:
        return (self.before, self.after)

    def toHTML(self) -> str:
        from lecture.programs import current_examples

        pieces = [current_examples().excerpt(code.file, code.name) for code in (self.before, self.after)]
        old, new = (piece.text.removesuffix("\n").split("\n") for piece in pieces)
        lines = list(_changed(old, new))
        if len(lines) == len(old) == len(new):
            raise LectureError(
                f"nothing changes from {self.before.file} to {self.after.file}: show one of them by Code"
            )
        if not any(line.kind == "same" and line.text.strip() for line in lines):
            raise LectureError(f"no line stays from {self.before.file} to {self.after.file}: show each of them by Code")
        sides = {kind: _coloured(lines, kind, pieces[0].language) for kind in ("gone", "new")}
        caption = f'<span class="file">{escape(self.before.file)} → {escape(self.after.file)}</span>'
        size = measure("\n".join(f"  {line.text}" for line in lines))
        return figure("\n".join(_marked(lines, sides)), size, caption, file=self.after.file, kind="difference stages")


class Line(NamedTuple):
    """A line of either stage. kind: "same", "gone" or "new". change: its number, from 0; of the same ones 0."""

    kind: str
    text: str
    change: int = 0


def _changed(old: list[str], new: list[str]) -> Iterator[Line]:
    """The lines of both stages, what goes before what comes in its place."""
    number, apart = -1, _APART + 1
    for kind, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            apart = end - begin
            yield from (Line("same", text) for text in new[begin:end])
            continue
        number += apart > _APART or number < 0
        yield from (Line("gone", text, number) for text in old[first:last])
        yield from (Line("new", text, number) for text in new[begin:end])


def _coloured(lines: list[Line], kind: str, language: str) -> Iterator[str]:
    """The lines of one stage as markup, coloured as a whole, since a string may go over several lines."""
    return iter(coloured("\n".join(line.text for line in lines if line.kind in ("same", kind)), language).split("\n"))


def _marked(lines: list[Line], sides: dict[str, Iterator[str]]) -> Iterator[str]:
    """The lines as markup. In steps: at first the stage before, then one change after the other."""
    changes = max(line.change for line in lines) + 1
    steps = counting()
    at = list(steps.take(changes + 1)) if steps else []
    for line in lines:
        if line.kind == "same":
            next(sides["gone"])
        markup = next(sides["gone" if line.kind == "gone" else "new"])
        told = ""
        if at and line.kind != "same":
            came = at[line.change + 1]
            until_the_end = " ".join(map(str, range(came, at[-1] + 1)))
            told = f' data-from="{came}"' if line.kind == "new" else f' data-lit="{until_the_end}"'
        tag, sign = _TAGS[line.kind], _SIGNS[line.kind]
        yield f'<{tag} class="line"{told}><span class="sign">{sign} </span>{markup}</{tag}>'
