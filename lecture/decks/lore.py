"""A lecture written as a Lore document: each `<h2>` begins a slide, and what stands before the first is the opening.

Lists become bullets, listings of programs Code, and pictures Images; a footnote is what the speaker says.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from lecture.elements.element import HTML, Bullet, Element, SubBullet
from lecture.elements.images import Image
from lecture.elements.listings import PRE, Code
from lecture.elements.markup import Notes
from lecture.errors import LectureError
from lecture.lore.document import Document, file_of, listing_in, listing_of
from lecture.lore.html import Pages, Writer
from lecture.lore.lint import read_all
from lecture.lore.xhtml import Node
from lecture.programs.examples import find_folder
from lecture.slides import Lecture, Slide, TitleSlide

_E = TypeVar("_E", bound=Element)


def load_lore(path: Path) -> Lecture:
    """The lecture that a Lore document describes. Raises Failed with all that is wrong with it."""
    [document] = read_all([path])
    return _Deck(document).lecture()


class _Deck:
    """One document on its way to slides."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._writer = Writer(document, Pages(), set(), asides=False)

    def lecture(self) -> Lecture:
        opening, *parts = self._parts()
        slides = [self._slide(heading, content) for heading, content in parts]
        if said := self._things(opening[1]):
            first = next(self._document.root.find("h1"))
            slides.insert(0, _placed(TitleSlide(self._document.title, *said), first))
        return _placed(Lecture(self._document.title, *slides), self._document.root)

    def _parts(self) -> list[tuple[Node | None, list[Node]]]:
        """What stands below each heading of a slide; below none at first."""
        parts: list[tuple[Node | None, list[Node]]] = [(None, [])]
        for child in self._document.body:
            if isinstance(child, Node) and child.name == "h2":
                parts.append((child, []))
            elif isinstance(child, Node):
                parts[-1][1].append(child)
        return parts

    def _slide(self, heading: Node | None, content: list[Node]) -> Slide:
        assert heading is not None
        things = [*self._things(content), *self._notes([heading])]
        return _placed(Slide(heading.text, *things), heading)

    def _things(self, nodes: Iterable[Node]) -> list[Element]:
        return [_placed(thing, node) for node in nodes for thing in (*self._thing(node), *self._notes([node]))]

    def _thing(self, node: Node) -> Iterator[Element]:
        pictures = [child for child in node.children if isinstance(child, Node) and child.name == "img"]
        if (listing := listing_in(node)) is not None:
            yield self._listing(listing)
        elif node.name == "ul":
            yield from self._bullets(node)
        elif node.name == "img" or (pictures and not node.text):
            for one in pictures or [node]:
                yield Image(unquote(one.attributes["src"]), one.attributes["alt"])
        else:
            yield HTML(self._writer.flow([node]))

    def _listing(self, node: Node) -> Element:
        text, language, _ = listing_of(node, self._document)
        if node.name == "a":
            address = urlsplit(node.attributes["href"])
            file = file_of(self._document.path, address.path).resolve()
            try:
                examples = find_folder(self._document.path.parent.resolve()).resolve()
            except LectureError:
                examples = file  # none near: the file is shown as text
            if file.is_relative_to(examples) and file != examples:
                return Code(Path(os.path.relpath(file, examples)).as_posix(), unquote(address.fragment) or None)
        return PRE(text, language)

    def _bullets(self, node: Node) -> Iterator[Element]:
        for item in node.find("li"):
            if item not in node.children:
                continue  # of a list inside
            inner = [child for child in item.children if isinstance(child, Node) and child.name in ("ul", "ol")]
            words = [child for child in item.children if child not in inner]
            yield _placed(Bullet(HTML(self._writer.flow(words))), item)
            for one in inner:
                yield _placed(SubBullet(*self._bullets(one)), one)

    def _notes(self, nodes: Iterable[Node]) -> Iterator[Notes]:
        for node in nodes:
            yield from (_placed(Notes(span.text), span) for span in node.find("span", "footnote"))


def _placed(thing: _E, node: Node) -> _E:
    thing.where = node.where
    return thing
