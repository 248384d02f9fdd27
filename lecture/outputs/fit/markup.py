"""The markup of a slide as a tree, for the estimate. What our own elements write, and any author's, is read alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

# Elements without an end; and those that end a paragraph of words.
VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
BLOCKS = frozenset(
    {"article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer", "form"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "summary", "svg"}
    | {"table", "ul"}
)


@dataclass
class Node:
    """An element: its tag, its attributes, and what is inside."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Node | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """The names in its `class`."""
        return self.attributes.get("class", "").split()

    def children(self) -> Iterator[Node]:
        """The elements directly inside."""
        return (child for child in self.inside if isinstance(child, Node))

    def all(self, tag: str) -> Iterator[Node]:
        """This element and those inside that have this tag."""
        if self.tag == tag:
            yield self
        for child in self.children():
            yield from child.all(tag)

    def text(self) -> str:
        """All text inside."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.inside)


def parse(markup: str) -> Node:
    """The tree of some markup, below a nameless root. Wrong markup gives some tree, as in a browser."""
    reader = _Reader(convert_charrefs=True)
    reader.feed(markup)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self, *, convert_charrefs: bool) -> None:
        super().__init__(convert_charrefs=convert_charrefs)
        self.root = Node("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].inside.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)
