"""Slides as Markdown, for the text cells of notebooks.

The rule is the slides' own: a plain string is text to the letter, Markdown is obeyed, HTML inside Markdown is shown,
and only `HTML` and an author's own kinds of element bring markup. But there are many readers of notebooks and each has
a Markdown of its own, most with formulas between dollars. So what is not to be obeyed is written as an entity where
one reader or another would not understand a backslash.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import groupby

from lecture.elements.addresses import is_safe
from lecture.elements.changes import Changes
from lecture.elements.element import HTML, Aside, Bullet, Center, Element, Heading, SubBullet, toHTML, visible
from lecture.elements.images import Image, in_words
from lecture.elements.listings import PRE, Code, Session
from lecture.elements.markup import URL, Markdown, Notes, clean_indent, markdown_to_html, unwrapped
from lecture.elements.questions import Ask
from lecture.errors import LectureError
from lecture.outputs.notebooks.authored import as_authored
from lecture.outputs.notebooks.embedded import embedded, with_drawings_as_pictures
from lecture.slides import NumSlide

_BACKSLASH = str.maketrans({character: "\\" + character for character in "`*_[]"})
_ENTITIES = str.maketrans({character: f"&#{ord(character)};" for character in "\\$~|"})
_ALL_ENTITIES = str.maketrans({character: f"&#{ord(character)};" for character in "\\$~|`*_[]"})
_STARTS_A_BLOCK = re.compile(r"(\d*)([#+=.)-])")
_TAG = re.compile(r"(<[^>]*>)")
_INLINE_TAGS = {  # of HTML: what may stand in a sentence
    *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s"),
    *("samp", "small", "span", "strong", "sub", "sup", "u", "var"),
}


def heading(title: str) -> str:
    """A slide's title."""
    return f"## {plain(title)}"


def prose(slide: object) -> str:
    """What a slide shows, but for notes, and for programs and sessions, which become cells.

    Raises LectureError for something that can't be drawn.
    """
    if isinstance(slide, Element):
        return blocks(slide.children(), numbered=isinstance(slide, NumSlide))
    return _markup(toHTML(slide))


def blocks(children: Iterable[object], numbered: bool = False) -> str:
    """Several things in order: bullets next to each other become a list, words next to each other a paragraph."""
    parts: list[str] = []
    items = 0
    for kind, run in groupby(children, key=_kind):
        things = list(run)
        if kind == "item":
            parts.append(_list(things, items + 1 if numbered else 0))
            items += sum(not isinstance(thing, SubBullet) for thing in things)
        elif kind == "text":
            parts.append(_guarded("".join(inline(thing) for thing in things).strip()))
        elif kind == "block":
            parts += [_block(thing) for thing in things]
    return "\n\n".join(part for part in parts if part.strip())


def _kind(thing: object) -> str:
    if isinstance(thing, Changes | Code | Session | Aside):
        return "elsewhere"
    if isinstance(thing, Bullet | SubBullet):
        return "item"
    if isinstance(thing, str | URL):
        return "text"
    if isinstance(thing, Markdown):
        return "text" if "\n" not in clean_indent(thing.text).strip() else "block"
    if isinstance(thing, HTML) or not isinstance(thing, Element):
        return "text" if _is_inline(toHTML(thing)) else "block"
    return "text" if thing.role == "text" else "block"


def _list(items: list[object], number: int) -> str:
    """A list, numbered from `number` on unless that is 0. A SubBullet in it is a list below the item before it."""
    lines: list[str] = []
    mark = f"{number - 1}. " if number > 1 else "  "
    for item in items:
        assert isinstance(item, Element)
        if isinstance(item, SubBullet):
            lines.append(_indented(blocks(_opened([item])), len(mark)))
            continue
        mark = f"{number}. " if number else "- "
        lines.append(mark + _indented(_tight(item.children()), len(mark)).lstrip())
        number += bool(number)
    return "\n".join(lines)


def _tight(children: Iterable[object]) -> str:
    """The inside of a bullet: a list directly below its words makes no gap."""
    parts: list[str] = []
    for is_list, run in groupby(children, key=lambda child: _kind(child) == "item"):
        things = list(run)
        parts.append(blocks(_opened(things) if is_list else things))
    return "\n".join(part for part in parts if part)


def _opened(items: list[object]) -> list[object]:
    """The points of a SubBullet: below a bullet they are one level further in already."""
    opened: list[object] = []
    for item in items:
        if not isinstance(item, SubBullet):
            opened.append(item)
        elif any(isinstance(child, Bullet) for child in item.children()):
            opened += item.children()
        else:
            opened.append(Bullet(*item.children()))
    return opened


def _indented(text: str, width: int) -> str:
    return re.sub(r"^(?=.)", " " * width, text, flags=re.MULTILINE)


def _block(thing: object) -> str:
    if isinstance(thing, PRE):
        return fenced(thing.text, thing.language)
    if isinstance(thing, Image):
        return _picture(thing)
    if isinstance(thing, Heading):
        return f"{'#' * min(thing.level + 2, 6)} {inline(thing.text)}"
    if isinstance(thing, Center):
        return blocks([thing.text])
    if isinstance(thing, Markdown):
        return authored(thing)
    return _markup(toHTML(thing))


def inline(thing: object) -> str:
    """Something in the middle of a sentence."""
    if isinstance(thing, str):
        return plain(thing)
    if isinstance(thing, URL):
        words = inline(thing.text).strip()
        return f"[{words}](<{visible(thing.address.strip())}>)" if _can_link(thing.address) else words
    if isinstance(thing, Markdown):
        return authored(thing)
    if isinstance(thing, Element) and _kind(thing) == "block":
        return _block(thing)
    return _markup(toHTML(thing))


def folded(ask: Ask) -> str:
    """A question to the reader, with its answer in a fold below it."""
    folder = ask.where.file.parent
    question = unwrapped(markdown_to_html(ask.question, folder))
    answer = as_authored(ask.answer, folder)
    proof = f"\n\nAs {plain(ask.run)} printed:\n\n{fenced(ask.shows)}" if ask.run else ""
    return f"<details><summary><b>{question}</b></summary>\n\n{answer}{proof}\n\n</details>"


def authored(element: Markdown | Notes) -> str:
    """The author's own Markdown, harmless. Raises LectureError for a picture that can't be shown."""
    try:
        return as_authored(element.text, element.where.file.parent)
    except LectureError as problem:
        problem.where = problem.where or element.where
        raise


def _can_link(address: str) -> bool:
    return is_safe(address) and not set(address.strip()) & set("<>\n\\$")


def plain(text: str) -> str:
    """Markdown that shows exactly this text. Runs of blanks count as one, as on the slide."""
    words = re.sub(r"\s+", " ", visible(text))
    return html.escape(words, quote=False).translate(_ENTITIES).translate(_BACKSLASH)


def _guarded(text: str) -> str:
    """A paragraph whose beginning is not taken for a heading, a list or a rule."""
    start = _STARTS_A_BLOCK.match(text)
    return f"{start[1]}\\{text[start.end(1) :]}" if start else text


def fenced(text: str, language: str = "") -> str:
    """Text with its line breaks, between fences longer than any that it contains."""
    longest = max(map(len, re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{visible(text.removesuffix(chr(10)))}\n{fence}"


def _picture(image: Image) -> str:
    toHTML(image)  # refuses what is no picture, and says where
    return embedded(image.where.file.parent / image.path, image.alt or in_words(image.path))


def _markup(markup: str) -> str:
    """HTML that an element made. Its text is not read as Markdown, and nothing in it ends the block early."""
    markup = with_drawings_as_pictures(markup.strip())
    parts = _TAG.split(markup)
    parts[::2] = [text.translate(_ALL_ENTITIES) for text in parts[::2]]
    return re.sub(r"\n(?=[ \t]*\n)", "&#10;", "".join(parts))


def _is_inline(markup: str) -> bool:
    tags = re.findall(r"<([A-Za-z][\w-]*)", markup)
    return all(tag.lower() in _INLINE_TAGS for tag in tags)
