"""Reads XHTML into a tree in which everything knows its place.

expat reads; what the tree adds is line and column, since a message without them helps nobody. HTML's named characters
(&mdash;) are known, though no DTD is loaded: neither is anything else that a document names. A document that declares
entities of its own is refused, as such can grow without end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.entities import html5
from pathlib import Path
from typing import Any
from xml.parsers import expat

from lecture.errors import LectureError, Where

XMLNS = "http://www.w3.org/1999/xhtml"
MOST_DEEP = 50  # elements inside each other: more than anybody reads, and far from what Python can't recurse into


@dataclass(frozen=True)
class Text:
    """Characters between two tags, and where they begin."""

    text: str
    where: Where

    def place(self, at: int) -> Where:
        """The place of one of its characters; references count as the character that they stand for."""
        before = self.text[:at]
        line, last = before.count("\n"), before.rpartition("\n")[2]
        return Where(self.where.file, self.where.line + line, len(last) + (1 if line else self.where.column))


@dataclass
class Node:
    """An element: its name without namespace, its attributes, what is in it, and where it begins."""

    name: str
    where: Where
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | Text] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Its class, "" without."""
        return self.attributes.get("class", "")

    def walk(self) -> Iterator[Node]:
        """This element, and all elements in it, in their order."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def find(self, name: str, kind: str | None = None) -> Iterator[Node]:
        """The elements of this name in it, and of this class if one is given."""
        return (node for node in self.walk() if node.name == name and kind in (None, node.kind))

    def texts(self, asides: bool = True) -> Iterator[Text]:
        """All characters in it; on request without those of footnotes and of entries of the index."""
        for child in self.children:
            if isinstance(child, Text):
                yield child
            elif asides or not is_aside(child):
                yield from child.texts(asides)

    @property
    def text(self) -> str:
        """What a reader sees who sees no markup: without footnotes, and with single spaces."""
        return " ".join("".join(one.text for one in self.texts(asides=False)).split())


def is_aside(child: Node | Text) -> bool:
    """Whether it stands in a sentence without being part of it: a footnote, an entry of the index."""
    return isinstance(child, Node) and child.name == "span" and child.kind in ("footnote", "index")


def read(path: Path) -> Node:
    """The root of a document. Raises LectureError for one that can't be read or isn't well-formed."""
    try:
        data = path.read_bytes()
        data.decode("utf-8")
    except OSError as error:
        raise LectureError(f"cannot read {str(path)!r}: {error.strerror}", where=Where(path, 1)) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise LectureError("the document is not UTF-8 text: save it as UTF-8", where=Where(path, line)) from error
    return _Reading(path).root(data)


class _Reading:
    """One reading of one document, from its beginning to its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: list[Node] = []
        self._root: Node | None = None
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.UseForeignDTD(True)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._declared
        self._parser.ExternalEntityRefHandler = self._give_names
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE)

    @property
    def _where(self) -> Where:
        return Where(self._path, self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)

    def root(self, data: bytes) -> Node:
        self._refuse_unknown_names(data.decode())
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            where = Where(self._path, error.lineno, error.offset + 1)
            raise LectureError(f"the document is not well-formed: {self._said(error.code)}", where=where) from None
        assert self._root is not None
        return self._root

    def _refuse_unknown_names(self, text: str) -> None:
        """expat is silent about them in attributes."""
        for match in _NAMED.finditer(text):
            if (name := match["name"]) and f"{name};" not in html5:
                begins = text.rfind("\n", 0, match.start())
                where = Where(self._path, text.count("\n", 0, match.start()) + 1, match.start() - begins)
                raise LectureError(f"no character is called &{name}; in HTML", where=where)

    def _give_names(self, context: str, *names: str | None) -> int:
        """Whatever DTD the document asks for, it gets HTML's names of characters."""
        declarations = self._parser.ExternalEntityParserCreate(context)
        declarations.EntityDeclHandler = None
        declarations.Parse(_names_of_characters(), True)
        return 1

    def _said(self, code: int) -> str:
        said = expat.ErrorString(code) or f"error {code}"
        if code not in (expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH], _NO_END) or not self._open:
            return said
        still = self._open[-1]
        return f"{said}; <{still.name}>, which {still.where.line}:{still.where.column} opens, is not closed yet"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if space not in ("", XMLNS):
            raise LectureError(f"<{local}> is of the namespace {space}, and Lore knows XHTML only", where=self._where)
        node = Node(local, self._where, dict(attributes))
        if len(self._open) >= MOST_DEEP:
            raise LectureError(f"<{local}> stands in more than {MOST_DEEP} elements", where=self._where)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node
        self._open.append(node)

    def _end(self, name: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        before = self._open[-1].children
        if before and isinstance(before[-1], Text):
            before[-1] = Text(before[-1].text + text, before[-1].where)
        else:
            before.append(Text(text, self._where))

    def _declared(self, name: str, *rest: Any) -> None:
        raise LectureError(f"the document declares the entity {name!r}: write what it stands for", where=self._where)


@cache
def _names_of_characters() -> str:
    """HTML's names of characters as a DTD has them; XML's own five are known."""
    names = {name[:-1]: text for name, text in html5.items() if name.endswith(";")}
    values = {name: "".join(f"&#38;#{ord(one)};" for one in text) for name, text in names.items()}
    return "".join(f'<!ENTITY {name} "{value}">' for name, value in values.items() if name not in _XML_NAMES)


_XML_NAMES = {"amp", "apos", "gt", "lt", "quot"}
_NAMED = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|&(?P<name>[A-Za-z]\w*);", re.DOTALL)
_NO_END = expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]
