"""Comments: what the speaker says, what Marp is told in them, and never anything that the audience sees.

One is a command: `<!-- step -->` on a line by itself, after which everything appears one step later.

Other HTML is shown as text in our own kind of deck. In decks of others, which were written to have it obeyed, it is an
error, but for styles, which are left out, and line breaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from lecture.decks.markdown.parts import COMMENT, Source
from lecture.elements.markup import Cue

_OPEN = "<!--"
_STYLE = re.compile(r"<style\b.*?</style\s*>", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SETTING = re.compile(r"_?(\w+)\s*:\s*(.*)")
# Marp's directives: https://marpit.marp.app/directives
_DIRECTIVES = frozenset(
    {"theme", "style", "headingDivider", "lang", "size", "math", "title", "author", "description", "image", "keywords"}
    | {
        "url",
        "marp",
        "paginate",
        "header",
        "footer",
        "class",
        "backgroundColor",
        "backgroundImage",
        "color",
        "transition",
    }
    | {"backgroundPosition", "backgroundRepeat", "backgroundSize"}
)


@dataclass
class Comments:
    """Takes the comments out of a slide's tokens."""

    source: Source
    notes: list[Cue] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    def taken_from(self, tokens: list[Token]) -> list[Token]:
        """The tokens without comments, and without what was a comment only."""
        kept: list[Token] = []
        for token in tokens:
            if token.type == "html_block":
                kept += self._block(token)
                continue
            if token.type == "inline":
                self._inline(token)
            kept.append(token)
        return _without_empty_paragraphs(kept)

    def _block(self, token: Token) -> list[Token]:
        assert token.map is not None
        if _is_step(COMMENT.fullmatch(token.content.strip())):
            return [Token("step", "", 0, map=token.map, level=token.level, block=True)]
        token.content = self._heard(token.content, token.map[0])
        if self.source.of_others:
            token.content = _BREAK.sub("", _STYLE.sub("", token.content))
            if token.content.strip():
                raise self._not_obeyed(token.content, token.map[0])
        return [token] if token.content.strip() else []

    def _inline(self, token: Token) -> None:
        line = token.map[0] if token.map else 0
        kept = []
        for child in token.children or []:
            here = child.map[0] if child.map else line
            if child.type == "html_inline":
                child.content = self._heard(child.content, here)
                if self.source.of_others and _BREAK.fullmatch(child.content):
                    child.type, child.content = "hardbreak", ""
                elif self.source.of_others and child.content:
                    raise self._not_obeyed(child.content, here)
                elif not child.content:
                    continue
            elif child.type == "text" and _OPEN in child.content:
                raise self._never_closed(here)
            kept.append(child)
        token.children = kept
        token.content = COMMENT.sub("", token.content).strip()

    def _heard(self, markup: str, line: int) -> str:
        """The markup without its comments; what they say is noted."""
        for comment in COMMENT.finditer(markup):
            if _is_step(comment):
                said = "a step stands in the middle of a text: write <!-- step --> on a line by itself"
                raise self.source.problem(said, line + markup.count("\n", 0, comment.start()))
            self._hear(comment[1], line + markup.count("\n", 0, comment.start()))
        rest = COMMENT.sub("", markup)
        if _OPEN in rest:
            raise self._never_closed(line + markup.count("\n", 0, markup.rindex(_OPEN)))
        return rest

    def _hear(self, text: str, line: int) -> None:
        text = text.strip()
        settings = [setting for line in text.split("\n") if (setting := _SETTING.match(line))]
        first = _SETTING.match(text)
        if self.source.of_others and first and first[1] in _DIRECTIVES:
            self.settings.update({setting[1]: setting[2].strip() for setting in settings})
        elif text and not (self.source.of_others and text == "fit"):  # Marp's, for a heading as large as its slide
            self.notes.append(self.source.placed(lambda: Cue(text), line))

    def _never_closed(self, line: int) -> Exception:
        return self.source.problem("a comment begins here and is never closed: end it with -->", line)

    def _not_obeyed(self, markup: str, line: int) -> Exception:
        shown = markup.strip().split("\n")[0][:60]
        line += markup[: len(markup) - len(markup.lstrip())].count("\n")
        return self.source.problem(f"{shown!r} can't be shown: HTML is not obeyed here; say it in Markdown", line)


def _is_step(comment: re.Match[str] | None) -> bool:
    return comment is not None and comment[1].strip() == "step"


def _without_empty_paragraphs(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    for token in tokens:
        kept.append(token)
        types = [token.type for token in kept[-3:]]
        if types == ["paragraph_open", "inline", "paragraph_close"] and not kept[-2].children:
            del kept[-3:]
    return kept
