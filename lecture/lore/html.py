"""Writes a document as a page: the same markup, with what Lore's classes mean put in its place.

A page is what a template makes of a document. The template is XHTML, too, and there is no code in it: what has the
class `title`, `toc`, `body`, `prev`, `next` or `up` is filled, and the rest stays. Pages are well-formed, and are read
by XML tools and browsers alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from lecture.elements.highlighting import highlighted_lines
from lecture.lore.document import Document, file_of, is_document, is_local, listing_in, listing_of
from lecture.lore.subset import BOXES
from lecture.lore.xhtml import Node, Text, is_aside, read

TEMPLATE = Path(__file__).with_name("page.xhtml")
_EMPTY = ("br", "hr", "img", "link", "meta")


@dataclass(frozen=True)
class Pages:
    """How pages are written.

    extension: of their files. template: its file. numbered: whether sections show their numbers. api: for packages, the
    address of what describes a name in them, with %s where the name stands. linkrel: what to put before addresses that
    lead to other files than the documents written.
    """

    extension: str = ".html"
    template: Path = TEMPLATE
    numbered: bool = False
    api: dict[str, str] = field(default_factory=dict)
    linkrel: str = ""


@dataclass(frozen=True)
class Neighbours:
    """The pages before, after and above a page of a book: address and title of each, None where there is none."""

    prev: tuple[str, str] | None = None
    next: tuple[str, str] | None = None
    up: tuple[str, str] | None = None


def page(document: Document, pages: Pages, written: Iterable[Path], near: Neighbours = Neighbours()) -> bytes:
    """A document as a page. written: the documents that become pages together.

    Raises LectureError for a template that can't be read, isn't well-formed, or has no body.
    """
    writer = Writer(document, pages, {path.resolve() for path in written})
    body = writer.flow(document.body) + writer.footnotes()
    return filled(pages.template, escape(document.title), writer.contents(), body, near)


def filled(template: Path, title: str, toc: str, body: str, near: Neighbours = Neighbours()) -> bytes:
    """What a template makes of the HTML of a page's parts."""
    slots: dict[str, str | None] = {"title": title, "toc": toc or None, "body": body}
    for name in ("prev", "next", "up"):
        neighbour: tuple[str, str] | None = getattr(near, name)
        slots[name] = f'<a href="{escape(neighbour[0])}">{escape(neighbour[1])}</a>' if neighbour else None
    return ("<!DOCTYPE html>\n" + _with_slots(read(template), slots) + "\n").encode()


def _with_slots(node: Node | Text, slots: dict[str, str | None]) -> str:
    """An element of a template; "" for a slot that has nothing to hold."""
    if isinstance(node, Text):
        return escape(node.text, quote=False)
    slot = node.name if node.name == "title" else node.kind
    if slot not in slots:
        inside = "".join(_with_slots(child, slots) for child in node.children)
    elif (content := slots[slot]) is None:
        return ""
    else:
        inside = content
    space = {"xmlns": "http://www.w3.org/1999/xhtml"} if node.name == "html" else {}
    return _tag(node.name, space | node.attributes, inside)


def _tag(name: str, attributes: dict[str, str], inside: str = "") -> str:
    said = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{said} />" if name in _EMPTY else f"<{name}{said}>{inside}</{name}>"


def index_page(terms: dict[str, list[tuple[str, str]]], pages: Pages, near: Neighbours) -> bytes:
    """The index of a book. terms: for each, address and title of the places that speak of it."""

    def line(term: str) -> str:
        links = ", ".join(f'<a href="{escape(address)}">{escape(title)}</a>' for address, title in terms[term])
        return f"<li>{escape(term)}: {links}</li>"

    lines = "\n".join(line(term) for term in sorted(terms, key=lambda term: (term.casefold(), term)))
    return filled(pages.template, "Index", "", f'<ul class="index">\n{lines}\n</ul>', near)


class Writer:
    """Writes one document, and remembers its footnotes and entries of the index on the way; without asides, none."""

    def __init__(self, document: Document, pages: Pages, written: set[Path], asides: bool = True) -> None:
        self._asides = asides
        self._document = document
        self._pages = pages
        self._written = written
        self._footnotes: list[str] = []
        self._terms = 0
        self._special: dict[str, Callable[[Node], str]] = {
            "h2": self._heading, "h3": self._heading, "a": self._link, "img": self._image, "code": self._code,
            "span": self._span, "pre": self._listing, "div": self._box,
        }  # fmt: skip

    def flow(self, children: Iterable[Node | Text]) -> str:
        """HTML of elements and characters."""
        return "".join(escape(one.text, quote=False) if isinstance(one, Text) else self._node(one) for one in children)

    def contents(self) -> str:
        """The list of sections; "" where there is at most one."""
        sections = list(self._document.sections.values())
        if len(sections) < 2:
            return ""
        lines, depth = list[str](), 0
        for section in sections:
            deep = len(section.number)
            lines += ["<ul>"] * (deep - depth) + ["</li></ul>"] * (depth - deep) + ["</li>"] * (deep <= depth)
            lines.append(
                f'<li><a href="#{escape(section.name)}">{self._number(section.numbered)}{escape(section.node.text)}</a>'
            )
            depth = deep
        return "".join(lines) + "</li></ul>" * depth

    def footnotes(self) -> str:
        """The footnotes that the document has asked for so far."""
        lines = (
            f'<li id="footnote-{number}">{text} <a class="back" href="#mark-{number}" aria-label="back">↑</a></li>'
            for number, text in enumerate(self._footnotes, 1)
        )
        return f'\n<ol class="footnotes">\n{chr(10).join(lines)}\n</ol>' if self._footnotes else ""

    def _node(self, node: Node) -> str:
        if (listing := listing_in(node)) is not None:
            return self._listing(listing)
        if special := self._special.get(node.name):
            return special(node)
        return _tag(node.name, node.attributes, self.flow(node.children))

    def _number(self, numbered: str) -> str:
        return f'<span class="number">{numbered}</span> ' if self._pages.numbered else ""

    def _heading(self, node: Node) -> str:
        section = self._document.sections[id(node)]
        inside = self._number(section.numbered) + self.flow(node.children)
        return _tag(node.name, node.attributes | {"id": section.name}, inside)

    def _link(self, node: Node) -> str:
        attributes = {key: value for key, value in node.attributes.items() if key != "name"}
        if name := node.attributes.get("name"):
            attributes.setdefault("id", name)
        if "href" in attributes:
            attributes["href"] = self._address(attributes["href"])
        return _tag("a", attributes, self.flow(node.children))

    def _image(self, node: Node) -> str:
        return _tag("img", node.attributes | {"src": self._address(node.attributes["src"])})

    def _address(self, address: str) -> str:
        """Where an address of the document leads to on its page."""
        if not is_local(address) or not urlsplit(address).path:
            return address
        if is_document(address) and file_of(self._document.path, address).resolve() in self._written:
            parts = urlsplit(address)
            return parts._replace(path=parts.path.rpartition(".")[0] + self._pages.extension).geturl()
        return self._pages.linkrel + address

    def _code(self, node: Node) -> str:
        inside = _tag("code", {"class": node.kind} if node.kind else {}, self.flow(node.children))
        name = ".".join(filter(None, (node.attributes.get("base"), node.text.removesuffix("()"))))
        packages = [one for one in self._pages.api if name == one or name.startswith(one + ".")]
        if node.kind != "API" or not packages:
            return inside
        return _tag("a", {"href": self._pages.api[max(packages, key=len)].replace("%s", name), "title": name}, inside)

    def _span(self, node: Node) -> str:
        if is_aside(node) and not self._asides:
            return self.flow(node.children) if node.kind == "index" else ""
        if node.kind == "footnote":
            self._footnotes.append("")  # its number: a footnote in it has the next one
            number = len(self._footnotes)
            self._footnotes[number - 1] = self.flow(node.children)
            return f'<sup><a class="footnote" id="mark-{number}" href="#footnote-{number}">{number}</a></sup>'
        if node.kind == "index":
            self._terms += 1
            return _tag("span", {"id": term_name(self._terms)}, self.flow(node.children))
        return _tag("span", node.attributes, self.flow(node.children))

    def _box(self, node: Node) -> str:
        word = f"<p><strong>{BOXES[node.kind]}</strong></p>" if BOXES.get(node.kind) else ""
        return _tag("div", node.attributes, word + self.flow(node.children))

    def _listing(self, node: Node) -> str:
        text, language, first = listing_of(node, self._document)
        lines = highlighted_lines(text, language).split("\n")
        if node.name == "pre":
            return f'<pre tabindex="0"><code>{chr(10).join(lines)}</code></pre>'
        numbered = (f'<span class="line">{number:4d}</span> {line}' for number, line in enumerate(lines, first))
        file = self._pages.linkrel + urlsplit(node.attributes["href"]).path
        caption = f'<a href="{escape(file)}">{escape(node.text or file)}</a>'
        return (
            f'<figure class="listing"><pre tabindex="0"><code>{chr(10).join(numbered)}</code></pre>'
            f"<figcaption>{caption}</figcaption></figure>"
        )


def term_name(number: int) -> str:
    """The name of the place of a document's first, second … entry of the index."""
    return f"term-{number}"
