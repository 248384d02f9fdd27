"""Markdown to HTML in which nothing can run.

The reading is markdown-it's: CommonMark, with tables, footnotes, definition lists, strikethrough, `{.class}` and
formulas between dollars. Two measures make it safe. HTML is text like any other, so `<script>` is shown. And every link
and picture is judged among the finished tokens, after all rules have run, so that it does not matter in which of
Markdown's many ways it was written.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from lecture.elements.addresses import is_safe
from lecture.elements.element import escape, visible
from lecture.elements.formulas import formula
from lecture.elements.images import publish_image
from lecture.errors import LectureError, Where

_ATTRIBUTES = ("class", "id")

Environment = MutableMapping[str, Any]
_Made = TypeVar("_Made")


def convert(text: str, folder: Path) -> str:
    """HTML of `text`.

    folder: where pictures are looked for; they go to the site as those of Image do.
    Raises LectureError for a picture that is missing or on another host, and for a formula that can't be typeset.
    """
    env: Environment = {"folder": folder, "docId": sha256(text.encode("utf-8", "replace")).hexdigest()[:8]}
    return render(_plain_reader().parse(text, env), env)


def render(tokens: Sequence[Token], env: Environment) -> str:
    """HTML of what a reader has read.

    env: what it was read with. `folder`: of its pictures. `docId`: keeps footnotes of two texts on a page apart.
        `file`, if there is one: the file in whose lines the tokens are counted, for errors.
    """
    reader = _plain_reader()
    return visible(reader.renderer.render(tokens, reader.options, env)).strip()


@cache
def _plain_reader() -> MarkdownIt:
    return reader(html=False)


def reader(*, html: bool) -> MarkdownIt:
    """A reader of Markdown. html: whether HTML gets tokens of its own; it is shown as text in any case."""
    markdown = _Reader("commonmark", {"html": html}, renderer_cls=_SafeRenderer).enable(["table", "strikethrough"])
    markdown.use(footnote_plugin).use(deflist_plugin)
    markdown.use(attrs_plugin, allowed=_ATTRIBUTES).use(attrs_block_plugin, allowed=_ATTRIBUTES)
    markdown.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    for kind, display in {"math_inline": False, "math_inline_double": True, "math_block": True}.items():
        markdown.add_render_rule(kind, _formula_rule(display))
    markdown.core.ruler.push("judge_links", _judge_links)
    markdown.core.ruler.push("place_children", _place_children)
    return markdown


class _Reader(MarkdownIt):
    """Leaves addresses as they are written. Each is judged below: what isn't safe loses its link, and not its words."""

    def validateLink(self, url: str) -> bool:
        return True

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link


def _judge_links(state: StateCore) -> None:
    """Take the address from links that could run script."""
    for block in state.tokens:
        for at, token in enumerate(children := block.children or []):
            if token.type == "link_open" and not is_safe(str(token.attrGet("href") or "")):
                closing = next(later for later in children[at:] if later.type == "link_close")
                token.tag = closing.tag = "span"
                token.attrs = {"class": "address"}


def _place_children(state: StateCore) -> None:
    """Tell what stands in a line its number: markdown-it tells it paragraphs only."""
    for block in state.tokens:
        line = block.map[0] if block.map else 0
        for child in block.children or []:
            child.map = [line, line + 1]
            line += child.type in ("softbreak", "hardbreak")


def _in_place(token: Token, env: Environment, make: Callable[[], _Made]) -> _Made:
    """What `make` returns; its errors name the line of the token, if the reader knows its file."""
    try:
        return make()
    except LectureError as problem:
        if problem.where is None and "file" in env and token.map:
            problem.where = Where(env["file"], token.map[0] + 1)
        raise


def _formula_rule(display: bool) -> Callable[..., str]:
    def rule(_: object, tokens: Sequence[Token], at: int, options: OptionsDict, env: Environment) -> str:
        return _in_place(tokens[at], env, lambda: formula(tokens[at].content, display=display))

    return rule


class _SafeRenderer(RendererHTML):
    """markdown-it's own, but for code, which gets colours, pictures, which go to the site, and HTML, which is shown."""

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        return f'<div class="listing"><pre><code>{_coloured(tokens[idx])}\n</code></pre></div>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        return self.fence(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        token = tokens[idx]
        name = unquote(str(token.attrGet("src") or ""))
        picture = _in_place(token, env, lambda: publish_image(env["folder"], name))
        alt = escape(self.renderInlineAsText(token.children, options, env))
        title = f' title="{escape(str(token.attrGet("title")))}"' if token.attrGet("title") else ""
        size = f' width="{picture.size[0]}" height="{picture.size[1]}"' if picture.size else ""
        return f'<img alt="{alt}" src="{picture.address}"{title}{size}>'

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        return f"<p>{escape(tokens[idx].content.rstrip())}</p>\n"

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment) -> str:
        return escape(tokens[idx].content)


def _coloured(token: Token) -> str:
    from lecture.elements.highlighting import highlighted_lines

    text, language = token.content.removesuffix("\n"), token.info.partition(" ")[0]
    try:
        return highlighted_lines(text, language) if language else escape(text)
    except LectureError:  # a language without colours
        return escape(text)
