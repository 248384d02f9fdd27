"""What a document is, when its markup is read: a title, sections with names and numbers, footnotes, listings.

Pages and LaTeX are made from this, so both number the same sections and take the same listings. The name of a section
is its author's `id`, or else made of its heading: it stays the same when sections move, and links to it stay right.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lecture.errors import LectureError
from lecture.lore.subset import LANGUAGES, LISTINGS, SECTIONS
from lecture.lore.xhtml import Node, Text, read
from lecture.programs.excerpt import Program

EXTENSIONS = (".xhtml", ".html", ".htm")


@dataclass(frozen=True)
class Section:
    """A heading, the name that links use, and its number: (2, 1) is the first part of the second section."""

    node: Node
    name: str
    number: tuple[int, ...]

    @property
    def numbered(self) -> str:
        """Its number as readers see it: "2.1"."""
        return ".".join(map(str, self.number))


@dataclass
class Document:
    """A document that has been read. body: what stands below its title."""

    path: Path
    root: Node
    sections: dict[int, Section] = field(default_factory=dict)  # by the identity of the heading

    @classmethod
    def of(cls, path: Path) -> Document:
        """Raises LectureError for one that can't be read or isn't well-formed."""
        document = cls(path, read(path))
        document.sections = {id(section.node): section for section in document._named_sections()}
        return document

    @property
    def title(self) -> str:
        """What it is called."""
        return next((node.text for node in self.root.find("title")), "")

    @property
    def body(self) -> list[Node | Text]:
        """All that is in it but the first heading."""
        body = next(self.root.find("body"), None)
        return (
            [child for child in body.children if not (isinstance(child, Node) and child.name == "h1")] if body else []
        )

    @property
    def places(self) -> dict[str, Node]:
        """All that a link may lead to, by its name."""
        named = {
            node.attributes[key]: node for node in self.root.walk() for key in ("id", "name") if key in _keys(node)
        }
        return named | {section.name: section.node for section in self.sections.values()}

    @property
    def chapters(self) -> list[Path]:
        """The documents that it lists as its book, in their order: the links of its `<ul class="toc">`."""
        lists = self.root.find("ul", "toc")
        links = [link.attributes.get("href", "") for one in lists for link in one.find("a")]
        return list(dict.fromkeys(file_of(self.path, link) for link in links if is_local(link) and is_document(link)))

    @property
    def terms(self) -> list[str]:
        """What its entries of the index say, in their order."""
        nodes = [child for child in self.body if isinstance(child, Node)]
        found = [span for node in nodes for span in node.find("span", "index")]
        return [span.attributes.get("value") or span.text for span in found]

    def _named_sections(self) -> Iterator[Section]:
        taken = {node.attributes[key] for node in self.root.walk() for key in ("id", "name") if key in _keys(node)}
        number: list[int] = []
        for node in self.root.walk():
            if node.name not in SECTIONS:
                continue
            depth = SECTIONS[node.name]
            number = [*number, *[0] * depth][:depth]
            number[-1] += 1
            name = node.attributes.get("id") or _free(slug(node.text), taken)
            taken.add(name)
            yield Section(node, name, tuple(number))


def _keys(node: Node) -> set[str]:
    return {key for key in ("id", "name") if node.attributes.get(key) and (key == "id" or node.name == "a")}


def slug(heading: str) -> str:
    """A name for links: the letters and digits of a heading. "section" if it has none."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"


def _free(name: str, taken: set[str]) -> str:
    number = 2
    wanted = name
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def is_local(address: str) -> bool:
    """Whether an address leads to a file or a place that lies beside the document."""
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and bool(parts.path or parts.fragment)


def is_document(address: str) -> bool:
    """Whether an address names a document, by its ending."""
    return urlsplit(address).path.endswith(EXTENSIONS)


def file_of(document: Path, address: str) -> Path:
    """The file that a local address in a document leads to; the document itself for `#place`."""
    path = unquote(urlsplit(address).path)
    return Path(os.path.normpath(document.parent / path)) if path else document


def listing_in(node: Node) -> Node | None:
    """What is shown as a listing: `<pre>`, a link to a program, or a paragraph that holds such a link alone."""
    if node.name == "pre" or (node.name == "a" and node.kind in LISTINGS):
        return node
    inside = [child for child in node.children if isinstance(child, Node) or child.text.strip()]
    if node.name == "p" and len(inside) == 1 and isinstance(inside[0], Node) and inside[0].name == "a":
        return listing_in(inside[0])
    return None


def listing_of(node: Node, document: Document) -> tuple[str, str, int]:
    """The text of `<pre>`, or of the file that a listing leads to: with its language and the number of its first line.

    `server.py#Echo.dataReceived` is that definition alone, or what stands between `# [accept]` and `# [/accept]`.
    Raises LectureError for a file that can't be read, or has no such part.
    """
    if node.name == "pre":
        text = "".join(one.text for one in node.texts()).strip("\n")
        return text, LANGUAGES.get(node.kind, "text"), 1
    address = urlsplit(node.attributes.get("href", ""))
    try:
        excerpt = Program(file_of(document.path, address.path)).excerpt(unquote(address.fragment) or None)
    except LectureError as error:
        raise LectureError(f"{node.attributes.get('href', '')!r}: {error.message}", where=node.where) from error
    return excerpt.text.rstrip("\n"), excerpt.language, excerpt.first_line
