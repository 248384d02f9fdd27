"""Text with markup: Markdown asked for by name, the speaker's notes, and links.

A plain string on a slide is never read as Markdown; an author who wants emphasis or a link in the middle of a sentence
says so. HTML inside Markdown is shown as text: only `HTML` passes markup through.
"""

from __future__ import annotations

import textwrap
from collections.abc import MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lecture.elements.addresses import is_safe
from lecture.elements.element import Aside, Element, escape, toHTML

if TYPE_CHECKING:
    from markdown_it.token import Token


class URL(Element):
    """A link. An address that could run script is shown as text and cannot be followed.

    text: what to show, the address itself if missing.
    """

    def __init__(self, address: str, text: object = None) -> None:
        self.address = address
        self.text = address if text is None else text

    def children(self) -> tuple[object, ...]:
        return (self.text,)

    def toHTML(self) -> str:
        shown = toHTML(self.text)
        if not is_safe(self.address):
            return f'<span class="address">{shown}</span>'
        return f'<a href="{escape(self.address.strip())}">{shown}</a>'


class Parsed(NamedTuple):
    """Markdown that was read: markdown-it's tokens, and the environment that it read them with."""

    tokens: list[Token]
    env: MutableMapping[str, Any]


class Markdown(Element):
    """Text in Markdown: emphasis, links, lists, tables, fenced code. HTML inside it is shown, not obeyed.

    A single paragraph becomes a piece of a sentence, so that it can stand in a Bullet. Common indentation is removed,
    as in a docstring. Pictures are looked for beside the file that holds the text.
    """

    def __init__(self, text: str, parsed: Parsed | None = None) -> None:
        """parsed: the same text as a deck in Markdown has read it, which knows all of the slide around it."""
        self.text = text
        self.parsed = parsed

    def toHTML(self) -> str:
        if self.parsed is None:
            return unwrapped(markdown_to_html(self.text, self.where.file.parent))
        from lecture.elements.safe_markdown import render

        return unwrapped(render(self.parsed.tokens, self.parsed.env))


class Notes(Aside):
    """What the speaker says, in Markdown: not on the slide, but read where there is no speaker, beside it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def toHTML(self) -> str:
        return markdown_to_html(self.text, self.where.file.parent)


class Cue(Notes):
    """A word to the speaker, in Markdown: "wait until they laugh". It is in the speaker's window, and nowhere else."""

    for_readers = False


def markdown_to_html(text: str, folder: Path) -> str:
    """HTML of Markdown `text` in which nothing can run; pictures are looked for in `folder`."""
    from lecture.elements.safe_markdown import (
        convert,  # the Markdown library takes 100 ms to import: only decks that use it pay
    )

    return convert(clean_indent(text), folder)


def unwrapped(markup: str) -> str:
    """`markup` without its <p>, if it is one paragraph only."""
    inner = markup.removeprefix("<p>").removesuffix("</p>")
    return inner if len(markup) - len(inner) == 7 and "<p>" not in inner else markup


def clean_indent(text: str) -> str:
    """`text` without the indentation it has only because it stands inside a program, as docstrings are read."""
    first, _, rest = text.strip("\n").partition("\n")
    if first[:1].isspace():
        return textwrap.dedent(f"{first}\n{rest}")
    return f"{first}\n{textwrap.dedent(rest)}"
