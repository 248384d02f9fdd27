"""How high some markup stands on the canvas, reckoned without a browser and never more generous than one.

Every kind of thing that the library writes has a line in `_height`; what it doesn't know is words. Margins are added up
where a browser might let them collapse, and words break at blanks only, so that a mistake is on the safe side.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache

from lecture.outputs.fit import canvas
from lecture.outputs.fit.canvas import Sizes
from lecture.outputs.fit.letters import MONO, Run, letter, lines, width
from lecture.outputs.fit.markup import BLOCKS, Node

_BOLD = frozenset({"b", "strong", "th", "dt", "h1", "h2", "h3", "h4", "h5", "h6"})
_MONO = frozenset({"code", "kbd", "samp", "tt"})
_INDENTED = frozenset({"li", "blockquote", "dd"})
_FONT = re.compile(r"font(?:-size)?:[^;}]*?(\d+(?:\.\d+)?)px|font-size=\"(\d+(?:\.\d+)?)")
_CELL = 0.8  # beside the words of a table's cell, in their own size
_LEAST_PICTURE_PX = 220  # a photograph may shrink to this height


def title_height(title: str) -> float:
    """The height of a title, and of the gap below it."""
    room = canvas.INNER_WIDTH / canvas.TITLE_PX
    return lines([Run(title, "bold")], room) * canvas.TITLE_LINE_PX + canvas.TITLE_GAP_PX


def height(node: Node, room: float, sizes: Sizes) -> float:
    """The height that the markup needs in a column so wide."""
    return _stacked(node, room, sizes, "")


def natural_width(node: Node, sizes: Sizes) -> float:
    """The width at which no line of code breaks, drawings can be read and tables have room; 0 for words."""
    if node.tag == "svg":
        return _drawing(node)[0]
    if node.tag == "table":
        return sum(_columns_of(node, sizes, " "))
    if node.tag == "pre":
        return _columns(node) * sizes.code + canvas.BOX_SIDES_PX
    return max((natural_width(child, sizes) for child in node.children()), default=0.0)


def longest_word(node: Node, sizes: Sizes) -> float:
    """The width that words need for no word to be cut, with how far they are indented."""
    indented = canvas.INDENT * sizes.words if node.tag in _INDENTED else 0.0
    below = max((longest_word(child, sizes) for child in node.children()), default=0.0)
    return indented + max(_longest(node, " ") * sizes.words, below)


def _stacked(node: Node, room: float, sizes: Sizes, kind: str) -> float:
    """The height of what stands below one another inside a node."""
    total = after = 0.0
    words: list[Node | str] = []
    for child in [*node.inside, None]:
        if child is not None and (isinstance(child, str) or not _has_block(child)):
            words.append(child)
            continue
        if (height_px := _words(words, room, sizes, kind)) > 0:
            total, after = total + after + height_px, canvas.AFTER * sizes.words
        words = []
        if isinstance(child, Node) and (height_px := _height(child, room, sizes, kind)) > 0:
            total, after = total + after + height_px, canvas.AFTER * sizes.words
    return total


@lru_cache(maxsize=4096)
def _has_block(node: Node) -> bool:
    return node.tag in BLOCKS or any(_has_block(child) for child in node.children())


@lru_cache(maxsize=4096)  # of a slide's things, each is asked for in some hundred layouts, and often in the same column
def _height(node: Node, room: float, sizes: Sizes, kind: str) -> float:
    """The height of a block."""
    if "unseen" in node.classes or node.tag in ("style", "script"):
        return 0.0
    if node.tag == "svg":
        return _drawing(node)[1]
    if node.tag == "figure":
        return _figure(node, room, sizes)
    if "session" in node.classes:
        return _session(node, room, sizes)
    if node.tag == "pre":
        return _text_rows(node, room, sizes) + canvas.BOX_PX
    if node.tag == "table":
        return _table(node, room, sizes)
    if node.tag in _INDENTED:
        room -= canvas.INDENT * sizes.words
    return _stacked(node, room, sizes, "bold" if node.tag in _BOLD else kind)


def _words(inside: list[Node | str], room: float, sizes: Sizes, kind: str) -> float:
    """The height of a paragraph."""
    paragraphs: list[list[Run]] = [[]]
    extra = 0.0
    for run in _runs(inside, kind):
        if isinstance(run, Run):
            paragraphs[-1].append(run)
        elif run.tag == "br":
            paragraphs.append([])
        else:
            extra += _inserted(run, room, sizes)
    rows = sum(lines(p, room / sizes.words) for p in paragraphs if "".join(run.text for run in p).strip())
    rows += sum(not p for p in paragraphs[1:-1])
    return rows * sizes.words * canvas.WORDS_LINE + extra


def _inserted(node: Node, room: float, sizes: Sizes) -> float:
    """What a picture or a formula in the middle of words adds to their height."""
    if node.tag == "math":
        return 1.5 * sizes.words
    wide, high = (float(node.attributes.get(side, "").removesuffix("px") or 0) for side in ("width", "height"))
    return high * min(1.0, room / wide) if wide else _LEAST_PICTURE_PX


def _runs(inside: list[Node | str], kind: str) -> Iterator[Run | Node]:
    for child in inside:
        if isinstance(child, str):
            yield Run(re.sub(r"\s+", " ", child), kind)
        elif child.tag in ("img", "math", "br"):
            if child.tag == "math":
                yield Run("mm" + child.text(), "bold")
            yield child
        elif child.tag in _MONO:
            yield Run(f"{child.text()}\u2007", "mono")  # a place more: the tint around it has sides
        elif child.tag not in ("style", "script", "title", "desc"):
            yield from _runs(child.inside, "bold" if child.tag in _BOLD else kind)


def _figure(node: Node, room: float, sizes: Sizes) -> float:
    captions = list(node.all("figcaption"))
    below = sum(
        _caption_lines(caption, room / sizes.code) * sizes.code * canvas.CODE_LINE + canvas.CAPTION_PX
        for caption in captions
    )
    shown = Node("", {}, [child for child in node.inside if not (isinstance(child, Node) and child in captions)])
    if pictures := list(shown.all("img")):
        return below + sum(min(_inserted(picture, room, sizes), _LEAST_PICTURE_PX) for picture in pictures)
    if drawings := list(shown.all("svg")):
        return below + sum(_drawing(drawing)[1] for drawing in drawings)
    if list(shown.all("pre")):
        return below + sum(_text_rows(pre, room, sizes) + canvas.BOX_PX for pre in shown.all("pre"))
    return below + _stacked(shown, room, sizes, "")


def _caption_lines(caption: Node, room: float) -> int:
    """The lines of what stands below a figure: its parts beside each other, or each on lines of its own."""
    parts = [Run(part if isinstance(part, str) else part.text(), "mono") for part in caption.inside]
    parts = [part for part in parts if part.text.strip()]
    beside = sum(width(part.text, "mono") for part in parts) + canvas.CAPTION_GAP * (len(parts) - 1)
    return 1 if beside <= room else sum(lines([part], room) for part in parts)


def _session(node: Node, room: float, sizes: Sizes) -> float:
    """A terminal: its commands share a box, and a remark stands below it."""
    commands = list(node.all("pre"))
    rows = sum(_text_rows(pre, room, sizes) for pre in commands)
    box = rows + (len(commands) - 1) * canvas.PROMPT_PX + canvas.BOX_PX if commands else 0.0
    remarks = [child for child in node.children() if "remark" in child.classes]
    line = sizes.code * canvas.CODE_LINE
    return box + sum(lines([Run(remark.text())], room / sizes.code) * line + canvas.CAPTION_PX for remark in remarks)


def _text_rows(pre: Node, room: float, sizes: Sizes) -> float:
    """The height of the lines of code or of a terminal; those of a terminal break."""
    texts = pre.text().removesuffix("\n").expandtabs(4).split("\n")
    rows = len(texts)
    if "terminal" in pre.classes:
        inner = max((room - canvas.BOX_SIDES_PX) / sizes.code, 10 * MONO)
        rows = sum(max(1, math.ceil(width(text, "mono") / (inner - MONO))) for text in texts)
    return rows * sizes.code * canvas.CODE_LINE


def _columns(pre: Node) -> float:
    texts = pre.text().expandtabs(4).split("\n")
    return max(sum(letter(character, "mono") for character in text) for text in texts)


def _drawing(svg: Node) -> tuple[float, float]:
    """Width and height of a drawing at the scale at which its smallest letters can be read."""
    box = [float(number) for number in re.findall(r"-?[\d.]+", svg.attributes.get("viewbox", ""))]
    wide, high = (box[2], box[3]) if len(box) == 4 else (300.0, 150.0)
    styles = " ".join(style.text() for style in svg.all("style"))
    letters = [float(a or b) for a, b in _FONT.findall(styles)]
    scale = canvas.SMALLEST_DRAWN_PX / min(letters) if letters else 1.0
    return wide * scale, high * scale


def _table(node: Node, room: float, sizes: Sizes) -> float:
    """A table: each column has what its longest word needs, and they share the rest by how much more each could use."""
    least, most = _columns_of(node, sizes, " "), _columns_of(node, sizes, "\n")
    more = [max(0.0, b - a) for a, b in zip(least, most, strict=True)]
    part = min(1.0, max(0.0, room - sum(least)) / max(sum(more), 1.0))
    widths = [a + part * b - _CELL * sizes.words + 0.5 for a, b in zip(least, more, strict=True)]
    return sum(
        max((_stacked(cell, wide, sizes, _kind(cell)) for cell, wide in zip(row, widths, strict=False)), default=0)
        + 0.6 * sizes.words
        for row in _rows(node)
    )


def _columns_of(table: Node, sizes: Sizes, apart: str) -> list[float]:
    """The width of each column that its longest piece of text needs; pieces are divided by this letter."""
    rows = _rows(table)
    columns = [[row[at] for row in rows if at < len(row)] for at in range(max(map(len, rows), default=0))]
    return [(max(_longest(cell, apart) for cell in column) + _CELL) * sizes.words for column in columns]


def _longest(cell: Node, apart: str) -> float:
    runs = [run for run in _runs(cell.inside, _kind(cell)) if isinstance(run, Run)]
    if apart == " ":
        return max((width(word, run.kind) for run in runs for word in run.text.split(" ")), default=0.0)
    return sum(width(run.text, run.kind) for run in runs)


def _rows(table: Node) -> list[list[Node]]:
    return [[cell for cell in row.children() if cell.tag in ("td", "th")] for row in table.all("tr")]


def _kind(cell: Node) -> str:
    return "bold" if cell.tag == "th" else ""
