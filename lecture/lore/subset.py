"""The table of what a Lore document may say: elements, where they may stand, their attributes and classes.

Whatever reads or writes documents goes by this table. What isn't in it is refused, scripts and their attributes among
it: not because they are on a list of bad things, but because they are on none.
"""

from __future__ import annotations

from dataclasses import dataclass

ANYWHERE = {"id", "title", "lang", "xml:lang", "dir", "class"}
LANGUAGES = {"python": "python", "python-interpreter": "pycon", "shell": "console", "html": "html", "": "text"}
BOXES = {"note": "Note", "boxed": "", "doit": "Do it"}  # classes of <div>, and the word that readers see above each
LISTINGS = ("py-listing", "html-listing", "listing")  # of <a>: the text is taken from the file that it leads to
MOST_WIDE = 80  # columns of a listing: what a page of paper holds


@dataclass(frozen=True)
class Rule:
    """What an element may be.

    holds: "flow" (paragraphs, lists and all that), "inline" (a piece of a sentence), "text" (characters alone), "" for
    nothing at all, or the names of the elements that it may hold, and no characters then.
    needs: attributes that it can't be without; may: those that it may have beside ANYWHERE. kinds: its classes.
    """

    holds: str | frozenset[str] = "inline"
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def _only(*names: str) -> frozenset[str]:
    return frozenset(names)


SECTIONS = {"h2": 1, "h3": 2}  # the depth of a heading
FLOW = _only(
    "p", "pre", "ul", "ol", "dl", "blockquote", "div", "table", "hr", "h1", "h2", "h3", "img", "a"
)  # fmt: skip
INLINE = _only(
    "a", "abbr", "acronym", "b", "br", "cite", "code", "dfn", "em", "i", "img", "kbd", "q", "samp", "span", "strong",
    "sub", "sup", "tt", "var",
)  # fmt: skip

RULES: dict[str, Rule] = {
    "html": Rule(_only("head", "body")),
    "head": Rule(_only("title", "meta", "link")),
    "title": Rule("text"),
    "meta": Rule("", may=("name", "content", "http-equiv")),
    "link": Rule("", may=("rel", "href", "type")),
    "body": Rule("flow"),
    "h1": Rule(),
    "h2": Rule(),
    "h3": Rule(),
    "p": Rule(),
    "pre": Rule(kinds=tuple(filter(None, LANGUAGES))),
    "blockquote": Rule("flow"),
    "div": Rule("flow", kinds=tuple(BOXES)),
    "ul": Rule(_only("li"), kinds=("toc",)),
    "ol": Rule(_only("li")),
    "li": Rule("flow or inline"),
    "dl": Rule(_only("dt", "dd")),
    "dt": Rule(),
    "dd": Rule("flow or inline"),
    "table": Rule(_only("caption", "thead", "tbody", "tr")),
    "caption": Rule(),
    "thead": Rule(_only("tr")),
    "tbody": Rule(_only("tr")),
    "tr": Rule(_only("th", "td")),
    "th": Rule(may=("colspan",)),
    "td": Rule("flow or inline", may=("colspan",)),
    "hr": Rule(""),
    "br": Rule(""),
    "img": Rule("", needs=("src", "alt"), may=("width", "height")),
    "a": Rule(may=("href", "name"), kinds=LISTINGS),
    "code": Rule(may=("base",), kinds=("API", "python", "py-prototype", "py-filename", "shell")),
    "span": Rule("flow or inline", may=("value",), kinds=("footnote", "index")),
    **{name: Rule() for name in INLINE - {"a", "br", "code", "img", "span"}},
}

_HOLDS = {"flow": FLOW, "inline": INLINE, "flow or inline": FLOW | INLINE, "text": _only(), "": _only()}


def may_hold(rule: Rule) -> frozenset[str]:
    """The names of the elements that may stand directly in one of this rule."""
    return _HOLDS[rule.holds] if isinstance(rule.holds, str) else rule.holds


def holds_characters(rule: Rule) -> bool:
    """Whether characters may stand directly in one of this rule; white space always may."""
    return rule.holds in ("inline", "flow or inline", "text")
