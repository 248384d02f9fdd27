"""What decks have besides CommonMark: `::code …`, `:::notes`, `:::ask`, and slides that begin with settings (Slidev).

markdown-it reads all else. HTML has tokens of its own here, so that comments can be told from text; nothing of it gets
to a page as markup.
"""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from lecture.elements.safe_markdown import reader

_NAME = re.compile(r"[a-z][\w.-]*\s*:(\s|$)")
_GOES_ON = re.compile(r"[A-Za-z_][\w.-]*\s*:(\s|$)|[ \t]|- |#")  # lines of YAML: a name, what is indented, a comment
_INTERRUPTS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}


@cache
def deck_reader() -> MarkdownIt:
    """The reader of decks."""
    markdown = reader(html=True).use(front_matter_plugin)
    markdown.use(container_plugin, "notes").use(container_plugin, "ask")
    markdown.block.ruler.after("container_ask", "directive", _directive, _INTERRUPTS)
    markdown.block.ruler.before("hr", "slide_settings", _slide_settings, _INTERRUPTS)
    return markdown


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line that begins with two colons; what it says is looked at later, when errors can name it."""
    if state.is_code_block(start) or not _text(state, start).startswith("::"):
        return False
    if not silent:
        token = state.push("directive", "", 0)
        token.content, token.map, token.block = _text(state, start).strip(), [start, start + 1], True
        state.line = start + 1
    return True


def _slide_settings(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`---`, lines of YAML, `---`: it ends a slide, and says how the next one should look. Marp has no such thing."""
    if state.level or state.tShift[start] or _text(state, start).rstrip() != "---":
        return False
    if _is_for_marp(state) or not _NAME.match(_text(state, start + 1) if start + 1 < end else ""):
        return False
    line = start + 1
    while line < end and _text(state, line).rstrip() != "---":
        if not _GOES_ON.match(state.src[state.bMarks[line] : state.eMarks[line]]):
            return False
        line += 1
    if line >= end:
        return False
    if not silent:
        token = state.push("hr", "hr", 0)
        token.markup, token.map, token.block = "---", [start, line + 1], True
        token.content = state.getLines(start + 1, line, 0, False)
        state.line = line + 1
    return True


def _is_for_marp(state: StateBlock) -> bool:
    first = state.tokens[0] if state.tokens else None
    return first is not None and first.type == "front_matter" and "marp" in first.content
