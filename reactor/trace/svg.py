"""A sequence diagram as SVG, for slides, paper and ears.

Lines and words have the colour of the text around (`currentColor`); on its own the picture has colours for a light
and a dark page. Nothing in it depends on colour alone: kinds of arrows differ by their dashes and heads too. To readers
who can't see it, it is one picture with a title and a description, which tells all that the picture shows.

It is as narrow as a telephone, where its words are still 11 pixels high; on a wide screen it is enlarged. So words have
a row of their own, above their arrow or beside their dot, and are moved sideways to stay inside the picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax import saxutils

from reactor.log.characters import in_xml
from reactor.trace.sequence import Arrow, Mark, Sequence

_WIDTH = 380.0  # shown 328 pixels wide, on a telephone of 360, letters of size 13 have 11 pixels
_TOP = 64
_ROW = 30
_SIDE = 56  # from the first and the last lifeline to the border
_LEAST_GAP = 67  # between two lifelines: the picture of more than five programs is wider
_EDGE = 4
_CHARACTER = 7.9  # the width of a character of the monospaced font at size 13, in pixels
_LINE = 15  # from one line of words to the next
_ALONG = (0.5, 0.1, 0.9, 0.3, 0.7)  # where on an arrow its words may stand, the best place first
_STUB = 44  # the length of an arrow that comes back, or goes nowhere

_STYLE = """
.{0} text {{ font: 13px system-ui, sans-serif; fill: currentColor }}
.{0} .who {{ font-weight: 600; font-size: 14px; text-anchor: middle }}
.{0} .life, .{0} .box {{ stroke: currentColor; stroke-opacity: .45; stroke-width: 1.5; fill: none }}
.{0} .box {{ fill: #7f8ea3; fill-opacity: .16 }}
.{0} .way {{ stroke: currentColor; stroke-width: 1.8; fill: none }}
.{0} .head {{ fill: currentColor; stroke: none }}
.{0} .connect, .{0} .close {{ stroke-dasharray: 7 4 }}
.{0} .reset {{ stroke-dasharray: 2 4 }}
.{0} .said, .{0} .printed {{ font-family: ui-monospace, monospace }}
.{0} .said, .{0} .printed, .{0} .note {{ paint-order: stroke; stroke: var(--paper, Canvas); stroke-width: 5 }}
.{0} .note {{ font-style: italic }}
.{0} .time {{ fill-opacity: .75 }}
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
        self._width = max(_WIDTH, 2 * _SIDE + self._last * _LEAST_GAP)
        self._gap = (self._width - 2 * _SIDE) / max(self._last, 1)
        widest = 2 * max(map(_half, sequence.lifelines), default=0)
        self._staggered = self._last > 0 and widest + 6 > self._gap  # names take turns on two rows
        self._top = _TOP + (40 if self._staggered else 0)
        self._words_at = dict(self._places())
        self._height = self._top + (max(self._rows.values(), default=0) + 2) * _ROW

    def _x(self, who: int) -> float:
        return _SIDE + who * self._gap

    def _y(self, row: float) -> float:
        return self._top + (row + 1) * _ROW

    def _inside(self, x: float, text: str) -> float:
        """Where a text begins that would like to begin at x, so that it stays inside the picture."""
        return max(_EDGE, min(x, self._width - _EDGE - len(text) * _CHARACTER))

    def document(self) -> Iterator[str]:
        width = self._width
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
        line, half = self._x(who), _half(text)
        x = max(half + 2, min(line, self._width - half - 2))
        y = 52 if self._staggered and who % 2 else 12
        yield f'<line class="life" x1="{line:g}" y1="{y + 34}" x2="{line:g}" y2="{self._height - 8:g}"/>'
        yield f'<rect class="box" x="{x - half:g}" y="{y}" width="{2 * half:g}" height="34" rx="6"/>'
        yield f'<text class="who" x="{x:g}" y="{y + 22}">{escape(text)}</text>\n'

    def _mark(self, mark: Mark) -> Iterator[str]:
        x, y = self._x(mark.who), self._y(self._rows[id(mark)])
        css = "printed" if mark.kind == "printed" else "note"
        if mark.who == self._last > 0:
            yield f'<text class="{css}" x="{x - 12:g}" y="{y + 4:g}" text-anchor="end">{escape(mark.text)}</text>'
        else:
            at = self._inside(x + 12, mark.text)
            above = 4 if at == x + 12 else -10  # where there is no room beside the dot
            yield f'<text class="{css}" x="{at:g}" y="{y + above:g}">{escape(mark.text)}</text>'
        yield f'<circle class="dot" cx="{x:g}" cy="{y:g}" r="4"/>\n'

    def _arrow(self, arrow: Arrow) -> Iterator[str]:
        x1, y1, x2, y2 = self._ends(arrow)
        if arrow.source == arrow.target:
            yield from self._back(arrow, x1, y1, y2)
            return
        yield f'<line class="way {arrow.kind}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>'
        yield _cross(x2, y2) if arrow.end is None else _head(x1, y1, x2, y2)
        yield self._words(arrow)

    def _ends(self, arrow: Arrow) -> tuple[float, float, float, float]:
        """Where an arrow begins and ends: x and y, twice."""
        x1, y1 = self._x(arrow.source), self._y(self._rows[id(arrow)])
        x2, y2 = self._x(arrow.target), self._y(self._rows[id(arrow), "end"])
        if arrow.end is None and arrow.source != arrow.target:  # it stops half-way
            x2, y2 = x1 + (x2 - x1) * 0.6, y1 + (y2 - y1) * 0.6
        return x1, y1, x2, y2

    def _places(self) -> Iterator[tuple[int, tuple[float, float]]]:
        """Where the words of each arrow stand, their middle and their foot: beside all others, where there is room.

        Those of steep arrows come last, because they have the most places to choose from.
        """
        arrows = [item for item in self._sequence.items if isinstance(item, Arrow)]
        taken: list[tuple[float, float, float]] = []
        for arrow in sorted(arrows, key=lambda arrow: self._ends(arrow)[3] - self._ends(arrow)[1]):
            half = len(arrow.text) * _CHARACTER / 2
            places = [(self._inside(x - half, arrow.text) + half, y, half) for x, y in self._along(arrow)]
            place = next((place for place in places if not any(_touch(place, other) for other in taken)), places[0])
            taken.append(place)
            yield id(arrow), place[:2]

    def _along(self, arrow: Arrow) -> Iterator[tuple[float, float]]:
        """Places for the words of an arrow, just above it."""
        x1, y1, x2, y2 = self._ends(arrow)
        if arrow.source == arrow.target:
            yield x1 + self._out(arrow) / 2, y1 - 10
            return
        for part in _ALONG:
            yield x1 + (x2 - x1) * part, y1 + (y2 - y1) * part - 10

    def _out(self, arrow: Arrow) -> int:
        """How far to the right an arrow to its own lifeline goes; to the left at the last one."""
        return -_STUB if arrow.source == self._last > 0 else _STUB

    def _back(self, arrow: Arrow, x: float, y1: float, y2: float) -> Iterator[str]:
        """An arrow to its own lifeline: out and back; or only out."""
        out = self._out(arrow)
        if arrow.end is None:
            yield f'<line class="way {arrow.kind}" x1="{x:g}" y1="{y1:g}" x2="{x + out:g}" y2="{y1:g}"/>'
            yield _cross(x + out, y1)
        else:
            yield f'<path class="way {arrow.kind}" d="M{x:g} {y1:g} h{out} V{y2:g} H{x + out / 7:g}"/>'
            yield _head(x + out, y2, x, y2)
        yield self._words(arrow)

    def _words(self, arrow: Arrow) -> str:
        css = "said" if arrow.kind == "data" else "said note"
        middle, y = self._words_at[id(arrow)]
        return f'<text class="{css}" x="{middle:g}" y="{y:g}" text-anchor="middle">{escape(arrow.text)}</text>\n'

    def _times(self) -> Iterator[str]:
        """The time, wherever it has advanced enough for a reader to notice."""
        shown = 0.0
        for item in self._sequence.items:
            if item.time - shown >= 0.05:
                shown = item.time
                yield f'<text class="time" x="4" y="{self._y(self._rows[id(item)]) + 4:g}">{shown:.2f} s</text>\n'


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


def _touch(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether two lines of words, each by its middle, its foot and half its width, run into each other."""
    return abs(one[0] - other[0]) < one[2] + other[2] and abs(one[1] - other[1]) < _LINE


def _half(name: str) -> float:
    """Half the width of the box around a lifeline's name."""
    return max(44.0, len(name) * 4.3 + 10)


def _head(x1: float, y1: float, x2: float, y2: float) -> str:
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    points = [(x2, y2), (x2 - 11 * dx - 5 * dy, y2 - 11 * dy + 5 * dx), (x2 - 11 * dx + 5 * dy, y2 - 11 * dy - 5 * dx)]
    return f'<polygon class="head" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'


def _cross(x: float, y: float) -> str:
    return f'<path class="way" d="M{x - 6:g} {y - 6:g} l12 12 m0 -12 l-12 12"/>'
