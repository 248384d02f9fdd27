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


@dataclass(eq=False)
class Node:
    """An element: its tag, its attributes, and what is inside; it stays as it is from the first question on.

    Answers are remembered: to choose a layout, the same listing is reckoned in some hundred sizes and places.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Node | str] = field(default_factory=list)
    _found: dict[str, list[Node]] = field(default_factory=dict)
    _text: str | None = None

    @property
    def classes(self) -> list[str]:
        """The names in its `class`."""
        return self.attributes.get("class", "").split()

    def children(self) -> Iterator[Node]:
        """The elements directly inside."""
        return (child for child in self.inside if isinstance(child, Node))

    def all(self, tag: str) -> list[Node]:
        """This element and those inside that have this tag."""
        if tag not in self._found:
            inside = [found for child in self.children() for found in child.all(tag)]
            self._found[tag] = [self, *inside] if self.tag == tag else inside
        return self._found[tag]

    def text(self) -> str:
        """All text inside."""
        if self._text is None:
            self._text = "".join(child if isinstance(child, str) else child.text() for child in self.inside)
        return self._text


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
