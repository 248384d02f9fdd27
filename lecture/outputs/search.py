"""What readers search: all words of all slides, with what the speaker says, the programs and what they print.

The words are not made into an index. A browser looks through the text of this whole lecture in a millisecond, finds
any part of any word that way, and has the line to show beside each result.

They come as a script, `lectureSearch([…])`, because a page that was opened from disk may run one from beside it and may
not fetch anything. The reading page loads it when the reader begins to search (site/src/read/search.ts).

A slide's text is a list of blocks: points, paragraphs, listings. A block is known by its number among the blocks of its
page, so that a result can lead to it; script and build count the same elements (BLOCKS).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator

# The elements that are blocks, as the script has them too; and the kind of each, which is shown beside a result.
BLOCKS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "title"),
    **dict.fromkeys(("li", "p", "dt", "dd", "th", "td", "summary", "div.text", "div.center"), "words"),
    "figcaption": "caption",
    "desc": "picture",
    "pre": "code",
    "pre.terminal": "output",
}

_NOT_WORDS = re.compile(r"<!--.*?-->|<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
# What stands inside a line: most tags of a listing are such, and go at one blow.
_INLINE = re.compile(r"</?(?:span|mark|code|a|em|strong|b|i|s|q|kbd|samp|sub|sup|br)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_CLASS = re.compile(r"\bclass=[\"']?([\w-]+)")


def search_data(pages: Iterable[tuple[str, str]]) -> bytes:
    """The script. pages: name and HTML of each slide's page, in order; of the HTML what stands in its <main>."""
    slides = [[name, *blocks(markup)] for name, markup in pages]
    text = json.dumps(slides, ensure_ascii=False, separators=(",", ":"))
    return f"lectureSearch({text});\n".encode("utf-8", "replace")


def blocks(markup: str) -> list[tuple[int, str, str]]:
    """The blocks of a page that have words: the number of each, its kind, its text.

    Words in a block within a block are the inner one's only.
    """
    found: list[tuple[str, list[str]]] = []
    around: list[tuple[str, int]] = []  # the open blocks: tag, number
    for tag, kind, words in _pieces(_INLINE.sub("", _NOT_WORDS.sub("", markup))):
        if kind is not None:
            around.append((tag, len(found)))
            found.append((kind, []))
        elif tag.startswith("/"):
            while around and any(open_tag == tag[1:] for open_tag, _ in around):
                if around.pop()[0] == tag[1:]:
                    break
        if around:
            found[around[-1][1]][1].append(words)
    texts = ((number, kind, _tidied(parts, kind)) for number, (kind, parts) in enumerate(found))
    first: dict[tuple[str, str], int] = {}  # a picture may come twice, for wide and for narrow screens
    for number, kind, text in texts:
        if text:
            first.setdefault((kind, text), number)
    return [(number, kind, text) for (kind, text), number in first.items()]


def _pieces(markup: str) -> Iterator[tuple[str, str | None, str]]:
    """Each tag ("li", "/li"), the kind of block that it opens if it opens one, and the words up to the next tag."""
    tags = list(_TAG.finditer(markup))
    for tag, following in zip(tags, [*tags[1:], None], strict=True):
        words = html.unescape(markup[tag.end() : following.start() if following else len(markup)])
        name = tag[2].lower()
        yield tag[1] + name, None if tag[1] else _kind(name, tag[3]), words


def _kind(tag: str, attributes: str) -> str | None:
    first = _CLASS.search(attributes)
    return (BLOCKS.get(f"{tag}.{first[1]}") if first else None) or BLOCKS.get(tag)


def _tidied(parts: list[str], kind: str) -> str:
    """Lines stay lines in code; elsewhere a text is one line."""
    if kind in ("code", "output"):
        return "\n".join(line.rstrip() for line in "".join(parts).strip("\n").split("\n"))
    return " ".join(" ".join(parts).split())
