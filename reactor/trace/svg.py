"""A sequence diagram as SVG, for slides, paper and ears.

Lines and words have the colour of the text around (`currentColor`); on its own the picture has colours for a light
and a dark page. Nothing in it depends on colour alone: kinds of arrows differ by their dashes and heads too. To readers
who can't see it, it is one picture with a title and a description, which tells all that the picture shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax import saxutils

from reactor.log.characters import in_xml
from reactor.trace.sequence import Arrow, Mark, Sequence

_TOP = 64
_ROW = 30
_GAP = 270  # between two lifelines
_CHARACTER = 7.9  # the width of a character of the monospaced font at size 13, in pixels
_STUB = 44  # the length of an arrow that comes back, or goes nowhere

_STYLE = """
.{0} text {{ font: 13px system-ui, sans-serif; fill: currentColor }}
.{0} .who {{ font-weight: 600; font-size: 15px; text-anchor: middle }}
.{0} .life, .{0} .box {{ stroke: currentColor; stroke-opacity: .45; stroke-width: 1.5; fill: none }}
.{0} .box {{ fill: #7f8ea3; fill-opacity: .16 }}
.{0} .way {{ stroke: currentColor; stroke-width: 1.8; fill: none }}
.{0} .head {{ fill: currentColor; stroke: none }}
.{0} .connect, .{0} .close {{ stroke-dasharray: 7 4 }}
.{0} .reset {{ stroke-dasharray: 2 4 }}
.{0} .said, .{0} .printed {{ font-family: ui-monospace, monospace }}
.{0} .said {{ paint-order: stroke; stroke: var(--paper, Canvas); stroke-width: 5 }}
.{0} .note {{ font-style: italic }}
.{0} .time {{ font-size: 11px; fill-opacity: .75 }}
.{0} .dot {{ fill: currentColor }}
"""
_ALONE = """
svg.{0} {{ color: #1c2430; background: #fff; --paper: #fff }}
@media (prefers-color-scheme: dark) {{ svg.{0} {{ color: #e8ecf2; background: #14181f; --paper: #14181f }} }}
@media print {{ svg.{0} {{ color: #000; background: none; --paper: #fff }} }}
"""


def draw(sequence: Sequence, title: str, name: str = "sequence", alone: bool = True) -> str:
    """The SVG document.

    name: a word that no other picture of the page has: the classes and ids in it begin with it.
    alone: False when it is put into a page whose colours it is to take.
    """
    return "".join(_Drawing(sequence, title, name, alone).document())


def escape(text: str) -> str:
    """The text as XML: markup escaped, and what XML can't say shown as escapes."""
    return saxutils.escape(in_xml(text))


class _Drawing:
    def __init__(self, sequence: Sequence, title: str, name: str, alone: bool) -> None:
        self._sequence = sequence
        self._title = title
        self._name = name
        self._alone = alone
        self._rows = _rows(sequence)
        self._last = len(sequence.lifelines) - 1
        self._margins = self._left(), self._right()
        self._height = _TOP + (max(self._rows.values(), default=0) + 2) * _ROW

    def _left(self) -> float:
        """The room for words beside the first lifeline."""
        texts = [item.text for item in self._sequence.items if isinstance(item, Mark) and item.who == 0]
        return max(90.0, 34 + _width(texts))

    def _right(self) -> float:
        """The room for words beside the last lifeline."""
        marks = [item.text for item in self._sequence.items if isinstance(item, Mark) and item.who == self._last > 0]
        stays = [item.text for item in self._sequence.items if _stays(item) == self._last]
        return max(90.0, 34 + _width(marks), _STUB + 34 + _width(stays) if stays else 0.0)

    def _x(self, who: int) -> float:
        return self._margins[0] + who * _GAP

    def _y(self, row: float) -> float:
        return _TOP + (row + 1) * _ROW

    def document(self) -> Iterator[str]:
        width = self._margins[0] + self._margins[1] + max(self._last, 0) * _GAP
        ids = f"{self._name}-title {self._name}-text"
        style = (_STYLE + (_ALONE if self._alone else "")).format(self._name)
        yield f'<svg xmlns="http://www.w3.org/2000/svg" class="{self._name}" viewBox="0 0 {width:g} {self._height:g}" '
        yield f'width="{width:g}" height="{self._height:g}" role="img" aria-labelledby="{ids}">\n'
        yield f'<title id="{self._name}-title">{escape(self._title)}</title>\n'
        yield f'<desc id="{self._name}-text">{escape(self._description())}</desc>\n'
        yield f"<style>{style}</style>\n"
        for who, text in enumerate(self._sequence.lifelines):
            yield from self._lifeline(who, text)
        for item in self._sequence.items:
            yield from self._mark(item) if isinstance(item, Mark) else self._arrow(item)
        yield from self._times()
        if self._sequence.left_out:
            text = f"… and {self._sequence.left_out} more"
            yield f'<text class="note" x="{self._x(0) + 10:g}" y="{self._height - 12:g}">{text}</text>\n'
        yield "</svg>\n"

    def _description(self) -> str:
        lines = [f"{len(self._sequence.lifelines)} programs: {', '.join(self._sequence.lifelines)}."]
        lines += [f"{number}. {text}." for number, text in enumerate(self._sequence.told(), 1)]
        if self._sequence.left_out:
            lines.append(f"And {self._sequence.left_out} more.")
        return " ".join(lines)

    def _lifeline(self, who: int, text: str) -> Iterator[str]:
        x, half = self._x(who), max(50.0, len(text) * 4.6 + 14)
        yield f'<rect class="box" x="{x - half:g}" y="12" width="{2 * half:g}" height="34" rx="6"/>'
        yield f'<text class="who" x="{x:g}" y="34">{escape(text)}</text>'
        yield f'<line class="life" x1="{x:g}" y1="46" x2="{x:g}" y2="{self._height - 8:g}"/>\n'

    def _mark(self, mark: Mark) -> Iterator[str]:
        x, y = self._x(mark.who), self._y(self._rows[id(mark)])
        left = mark.who == 0
        anchor = ' text-anchor="end"' if left else ""
        css, beside = ("printed" if mark.kind == "printed" else "note"), x - 12 if left else x + 12
        yield f'<circle class="dot" cx="{x:g}" cy="{y:g}" r="4"/>'
        yield f'<text class="{css}" x="{beside:g}" y="{y + 4:g}"{anchor}>{escape(mark.text)}</text>\n'

    def _arrow(self, arrow: Arrow) -> Iterator[str]:
        x1, y1 = self._x(arrow.source), self._y(self._rows[id(arrow)])
        x2, y2 = self._x(arrow.target), self._y(self._rows[id(arrow), "end"])
        if _stays(arrow) is not None:
            yield from _beside(arrow, x1, y1, y2)
            return
        if arrow.end is None:  # it stops half-way
            x2, y2 = x1 + (x2 - x1) * 0.6, y1 + (y2 - y1) * 0.6
        yield f'<line class="way {arrow.kind}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>'
        yield _cross(x2, y2) if arrow.end is None else _head(x1, y1, x2, y2)
        middle = (x1 + x2) / 2
        slope = (y2 - y1) * (middle - x1) / (x2 - x1)
        yield _words(arrow, middle, y1 + slope - 10, "middle")

    def _times(self) -> Iterator[str]:
        """The time, wherever it has advanced enough for a reader to notice."""
        shown = 0.0
        for item in self._sequence.items:
            if item.time - shown >= 0.05:
                shown = item.time
                yield f'<text class="time" x="4" y="{self._y(self._rows[id(item)]) - 10:g}">{shown:.3g} s</text>\n'


def _rows(sequence: Sequence) -> dict[object, float]:
    """How far down each item begins and each arrow ends: later is further down."""
    points: list[tuple[float, int, object]] = []
    for order, item in enumerate(sequence.items):
        begin = item.step if isinstance(item, Mark) else item.begin
        points.append((begin, order, id(item)))
        if isinstance(item, Arrow):
            points.append((begin if item.end is None else item.end, order + 1_000_000, (id(item), "end")))
    rows: dict[object, float] = {}
    row, before = -1.0, None
    for _, _, key in sorted(points, key=lambda point: point[:2]):
        ends_at_once = isinstance(key, tuple) and key[0] == before
        row += 0.5 if ends_at_once else 1
        rows[key] = row
        before = key
    return rows


def _stays(item: Mark | Arrow) -> int | None:
    """The lifeline of an arrow that doesn't leave it; None for other arrows."""
    return item.source if isinstance(item, Arrow) and item.source == item.target else None


def _width(texts: list[str]) -> float:
    return max(map(len, texts), default=0) * _CHARACTER


def _beside(arrow: Arrow, x: float, y1: float, y2: float) -> Iterator[str]:
    """An arrow to its own lifeline: out and back; or only out."""
    if arrow.end is None:
        yield f'<line class="way {arrow.kind}" x1="{x:g}" y1="{y1:g}" x2="{x + _STUB:g}" y2="{y1:g}"/>'
        yield _cross(x + _STUB, y1)
    else:
        yield f'<path class="way {arrow.kind}" d="M{x:g} {y1:g} h{_STUB} V{y2:g} H{x + 6:g}"/>'
        yield _head(x + _STUB, y2, x, y2)
    yield _words(arrow, x + _STUB + 14, (y1 + y2) / 2 + 4 if arrow.end is not None else y1 + 4, "start")


def _words(arrow: Arrow, x: float, y: float, anchor: str) -> str:
    css = "said" if arrow.kind == "data" else "said note"
    return f'<text class="{css}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(arrow.text)}</text>\n'


def _head(x1: float, y1: float, x2: float, y2: float) -> str:
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    points = [(x2, y2), (x2 - 11 * dx - 5 * dy, y2 - 11 * dy + 5 * dx), (x2 - 11 * dx + 5 * dy, y2 - 11 * dy - 5 * dx)]
    return f'<polygon class="head" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'


def _cross(x: float, y: float) -> str:
    return f'<path class="way" d="M{x - 6:g} {y - 6:g} l12 12 m0 -12 l-12 12"/>'
