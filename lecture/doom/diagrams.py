"""The life of a connection, drawn from the table in which the transports look up their next state.

This module decides, by hand, only where a state stands: on a slide, and upright in a narrow column. The states, the
arrows and the words beside them come from the table. A state that has no place stops the build, so a new one can't be
forgotten.

An event that does the same in many states would need a bundle of arrows. One arrow stands for them, from a dashed frame
around these states; the frame must hold them and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lecture.errors import LectureError
from reactor.core.transports.state import TRANSITIONS, Event, State

Table = dict[tuple[State, Event], State]

FRAMED_FROM = 4  # when at least so many states agree on what an event does, a frame goes around them


@dataclass(frozen=True)
class Layout:
    """Where the states stand, and how large everything is, in units of the picture.

    name: what the picture's ids and classes begin with. box: half the width and the height of a state's.
    margin: how much further out a frame is for each state that it holds. name_size, event_size: of letters.
    places: the middle of each state's box.
    """

    name: str
    width: int
    height: int
    box: tuple[int, int]
    margin: int
    name_size: int
    event_size: int
    places: dict[State, tuple[int, int]]


WIDE = Layout(
    "life",
    width=1210,
    height=586,
    box=(92, 24),
    margin=7,
    name_size=20,
    event_size=17,
    places={
        State.OPEN: (500, 64),
        State.FINISHING: (350, 184),
        State.READ_CLOSED: (700, 184),
        State.LAST_WORDS: (530, 304),
        State.WRITE_CLOSED: (132, 304),
        State.ENDING: (300, 434),
        State.CLOSING: (700, 434),
        State.ABORTING: (1076, 250),
        State.CLOSED: (605, 558),
    },
)
# On a telephone of 360 pixels the picture has 328, and its smallest letters 11.8.
NARROW = Layout(
    "life-narrow",
    width=360,
    height=760,
    box=(50, 18),
    margin=4,
    name_size=14,
    event_size=13,
    places={
        State.OPEN: (180, 50),
        State.FINISHING: (100, 160),
        State.READ_CLOSED: (260, 160),
        State.LAST_WORDS: (200, 270),
        State.WRITE_CLOSED: (74, 380),
        State.CLOSING: (282, 380),
        State.ENDING: (180, 490),
        State.ABORTING: (90, 610),
        State.CLOSED: (180, 730),
    },
)

STYLE = """
    .{0}-state {{ fill: #7f8ea3; fill-opacity: .18; stroke: currentColor; stroke-opacity: .55; stroke-width: 1.5 }}
    .{0}-first {{ fill: var(--doom, #d9572b); fill-opacity: .25; stroke: var(--doom, #d9572b); stroke-width: 2.5 }}
    .{0}-name {{ font-size: {1.name_size}px; font-weight: 600 }}
    .{0}-event {{ font-size: {1.event_size}px; paint-order: stroke; stroke: var(--paper, Canvas); stroke-width: .7em; \
stroke-linejoin: round }}
    .{0}-edge {{ fill: none; stroke: currentColor; stroke-width: 2 }}
    .{0}-frame {{ fill: none; stroke: currentColor; stroke-opacity: .5; stroke-width: 1.5; stroke-dasharray: 6 6 }}
"""


@dataclass(frozen=True)
class Box:
    """A rectangle: its middle, and how far it reaches to each side."""

    x: float
    y: float
    half_width: float
    half_height: float

    def towards(self, other: Box) -> tuple[float, float]:
        """The point of the border that is on the way to the middle of `other`."""
        dx, dy = other.x - self.x, other.y - self.y
        scale = min(self.half_width / abs(dx) if dx else 9.0, self.half_height / abs(dy) if dy else 9.0)
        return self.x + dx * scale, self.y + dy * scale

    def holds(self, other: Box) -> bool:
        """Whether the middle of `other` lies inside."""
        return abs(other.x - self.x) <= self.half_width and abs(other.y - self.y) <= self.half_height


def connection_states(table: Table = TRANSITIONS, layout: Layout = WIDE) -> str:
    """The table as an SVG picture. Raises LectureError when the places no longer suit the states."""
    return _Diagram(table, layout).document()


def _bundles(table: Table) -> dict[tuple[tuple[State, ...], State], list[Event]]:
    """The arrows to draw: from which states, to which state, and the events beside each."""
    sources: dict[tuple[Event, State], list[State]] = {}
    for (state, event), target in table.items():
        sources.setdefault((event, target), []).append(state)
    bundles: dict[tuple[tuple[State, ...], State], list[Event]] = {}
    for (event, target), states in sources.items():
        groups = [tuple(states)] if len(states) >= FRAMED_FROM else [(state,) for state in states]
        for group in groups:
            bundles.setdefault((group, target), []).append(event)
    return bundles


class _Diagram:
    """The picture of one table in one layout."""

    def __init__(self, table: Table, layout: Layout) -> None:
        self._table = table
        self._layout = layout
        self._states = sorted({state for state, _ in table} | set(table.values()), key=list(State).index)
        self._boxes = {state: self._place(state) for state in self._states}

    def _place(self, state: State) -> Box:
        if state not in self._layout.places:
            said = f"the state {state.name} has no place in the diagram {self._layout.name!r}: add it in {__name__}"
            raise LectureError(said)
        return Box(*self._layout.places[state], *self._layout.box)

    def document(self) -> str:
        layout, name = self._layout, self._layout.name
        told = "; ".join(f"{state.value}, {event.value}: {end.value}" for (state, event), end in self._table.items())
        drawn = "\n  ".join(self._parts())
        shape = ' class="narrow"' if layout is NARROW else ""
        return f"""\
<svg xmlns="http://www.w3.org/2000/svg"{shape} viewBox="0 0 {layout.width} {layout.height}" role="img" \
aria-labelledby="{name}-title {name}-desc" font-family="system-ui, sans-serif" text-anchor="middle" \
fill="currentColor">
  <title id="{name}-title">The life of a connection</title>
  <desc id="{name}-desc">{escape(told)}.</desc>
  <style>{STYLE.format(name, layout)}  </style>
  <defs><marker id="{name}-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">\
<path d="M0 0 10 5 0 10z" fill="currentColor"/></marker></defs>
  {drawn}
</svg>
"""

    def _parts(self) -> Iterator[str]:
        bundles = _bundles(self._table)
        frames = {sources: self._frame(sources) for sources, _ in bundles if len(sources) > 1}
        yield from (self._box(frame, "frame") for frame in frames.values())
        for (sources, target), events in bundles.items():
            start = frames.get(sources) or self._boxes[sources[0]]
            yield self._arrow(start, self._boxes[target], sources, events, target)
        yield from map(self._state, self._states)

    def _frame(self, sources: tuple[State, ...]) -> Box:
        # The more states a frame holds, the wider it is: so frames nest.
        margin = self._layout.margin * (len(sources) - FRAMED_FROM + 1)
        inside = [self._boxes[state] for state in sources]
        left, right = min(b.x - b.half_width for b in inside), max(b.x + b.half_width for b in inside)
        top, bottom = min(b.y - b.half_height for b in inside), max(b.y + b.half_height for b in inside)
        frame = Box((left + right) / 2, (top + bottom) / 2, (right - left) / 2 + margin, (bottom - top) / 2 + margin)
        for state, box in self._boxes.items():
            if state not in sources and frame.holds(box):
                raise LectureError(
                    f"the state {state.name} lies in a frame that is not about it: move it in {__name__}"
                )
        return frame

    def _arrow(self, start: Box, end: Box, sources: Iterable[State], events: list[Event], target: State) -> str:
        (x1, y1), (x2, y2) = start.towards(end), end.towards(start)
        size, name = self._layout.event_size, self._layout.name
        where = self._on if self._layout is NARROW else self._beside
        x, y, anchor = where(x1, y1, x2, y2, len(events))
        words = "".join(
            f'<text class="{name}-event" text-anchor="{anchor}" x="{x:.0f}" y="{y + 1.2 * size * row:.0f}">'
            f"{escape(event.value)}</text>"
            for row, event in enumerate(events)
        )
        return (
            f'<g data-before="{_names(sources)}" data-event="{_names(events)}" data-after="{target.name}">'
            f'<path class="{name}-edge" d="M{x1:.0f} {y1:.0f} {x2:.0f} {y2:.0f}" marker-end="url(#{name}-tip)"/>'
            f"{words}</g>"
        )

    def _on(self, x1: float, y1: float, x2: float, y2: float, rows: int) -> tuple[float, float, str]:
        """Where words stand that interrupt their arrow: the narrow picture has no room beside it."""
        size = self._layout.event_size
        part = 0.35 if x2 < x1 else 0.65 if x2 > x1 and y2 > y1 else 0.5  # so that neighbours' words differ in height
        return x1 + part * (x2 - x1), y1 + part * (y2 - y1) + size / 3 - 0.6 * size * (rows - 1), "middle"

    def _beside(self, x1: float, y1: float, x2: float, y2: float, rows: int) -> tuple[float, float, str]:
        """Where words stand beside their arrow: above it when it lies; otherwise at its outer side, as seen from the
        first state, where there is room."""
        x, y, size = (x1 + x2) / 2, (y1 + y2) / 2, self._layout.event_size
        if abs(y2 - y1) < abs(x2 - x1) / 3:
            return x, y - 0.7 * size, "middle"
        outer = 1 if x > self._layout.places[State.OPEN][0] else -1
        away = -0.5 if (x2 - x1) * outer > 0 else 0.5  # from the half of the arrow that lies at this side
        y += (0.35 + away - 0.6 * (rows - 1)) * size
        return x + 0.7 * size * outer, y, "start" if outer > 0 else "end"

    def _state(self, state: State) -> str:
        box, name = self._boxes[state], self._layout.name
        first = f" {name}-first" if state is next(iter(State)) else ""
        y = box.y + self._layout.name_size / 3
        words = f'<text class="{name}-name" x="{box.x:.0f}" y="{y:.0f}">{escape(state.value)}</text>'
        return f'<g data-state="{state.name}">{self._box(box, "state" + first)}{words}</g>'

    def _box(self, box: Box, kind: str) -> str:
        corner = f'x="{box.x - box.half_width:.0f}" y="{box.y - box.half_height:.0f}"'
        size = f'width="{2 * box.half_width:.0f}" height="{2 * box.half_height:.0f}"'
        return f'<rect class="{self._layout.name}-{kind}" {corner} {size} rx="12"/>'


def _names(members: Iterable[State | Event]) -> str:
    return " ".join(member.name for member in members)
