"""The author's own Markdown, made safe to stand in a notebook.

On slides, HTML inside Markdown is shown as text, and so is a dollar that begins no formula. Programs that show
notebooks would obey the one and often take the other for a formula; so both become entities, but not inside code, where
entities would be seen.
Links that could run script lose their address, and pictures are put into the text.
"""

from __future__ import annotations

import re
from pathlib import Path

from lecture.elements.addresses import is_safe
from lecture.elements.element import visible
from lecture.elements.images import publish_image
from lecture.elements.markup import clean_indent
from lecture.outputs.notebooks.embedded import embedded

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LIST_ITEM = re.compile(r" {0,3}([-*+]|\d+[.)])\s")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:.|\n)+?(?<!`)\1(?!`)")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^\s<>]*|[\w.+-]+@[\w.-]+)>")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]+)>?(?:\s+[\"'(][^)]*)?\)")
# As on slides: nothing blank inside the dollars, no digit outside.
_FORMULA = re.compile(
    r"(?<![\\$\d])(?:\$\$(?:(?!\n\s*\n)[^$])+\$\$|\$(?![\s$])(?:(?!\n\s*\n)[^$])*(?<![\s\\])\$)(?![\d$])"
)
_TARGET = re.compile(r"(\]\(\s*<?|^ {0,3}\[[^\]]+\]:\s*<?)([^)\s>]+)", re.MULTILINE)


def as_authored(text: str, folder: Path) -> str:
    """The Markdown of an element in a deck, for a cell.

    folder: where its pictures are.
    Raises LectureError for a picture that is missing or none.
    """
    text = visible(clean_indent(text).strip("\n"))
    return "".join(chunk if is_code else _outside_code(chunk, folder) for is_code, chunk in _chunks(text))


def _chunks(text: str) -> list[tuple[bool, str]]:
    """The text in pieces, each code (a fenced or an indented block) or not."""
    chunks: list[tuple[bool, str]] = []
    fence = ""
    in_list = after_blank = False
    for line in text.splitlines(keepends=True):
        opened = _FENCE.match(line)
        is_code = bool(fence or opened) or (line.startswith("    ") and after_blank and not in_list)
        if fence:
            fence = "" if line.strip().startswith(fence) and not line.strip().strip(fence[0]) else fence
        elif opened:
            fence = opened[1]
        if line.strip():
            in_list = bool(_LIST_ITEM.match(line)) or (in_list and line.startswith(" "))
        after_blank = is_code or not line.strip()
        if chunks and chunks[-1][0] == is_code:
            chunks[-1] = (is_code, chunks[-1][1] + line)
        else:
            chunks.append((is_code, line))
    return chunks


def _outside_code(text: str, folder: Path) -> str:
    parts: list[str] = []
    at = 0
    for span in _CODE_SPAN.finditer(text):
        parts += [_judged(text[at : span.start()], folder), span[0]]
        at = span.end()
    return "".join([*parts, _judged(text[at:], folder)])


def _judged(text: str, folder: Path) -> str:
    held: list[str] = []

    def hold(markup: str) -> str:
        held.append(markup)
        return f"\0{len(held) - 1}\0"

    def picture(found: re.Match[str]) -> str:
        publish_image(folder, found[2])  # refuses what is no picture
        return hold(embedded(folder / found[2], found[1]))

    text = _IMAGE.sub(picture, text)
    text = _FORMULA.sub(lambda found: hold(found[0].replace("<", "\\lt ")), text)
    text = _AUTOLINK.sub(lambda found: hold(found[0]), text)
    text = _TARGET.sub(lambda found: found[1] + (found[2] if is_safe(found[2]) else "#"), text)
    text = text.replace("\\$", "$").replace("\\<", "<").replace("<", "&lt;").replace("$", "&#36;")
    return re.sub(r"\0(\d+)\0", lambda found: held[int(found[1])], text)
