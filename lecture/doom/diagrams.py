"""The life of a connection, drawn from the table in which the transports look up their next state.

This module decides, by hand, only where a state stands on the slide. The states, the arrows and the words beside them
come from the table. A state that has no place stops the build, so a new one can't be forgotten.

An event that does the same in many states would need a bundle of arrows. One arrow stands for them, from a dashed frame
around these states; the frame must hold them and no others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lecture.errors import LectureError
from reactor.core.transports.state import TRANSITIONS, Event, State

Table = dict[tuple[State, Event], State]

WIDTH, HEIGHT = 1100, 705
FRAMED_FROM = 4  # when at least so many states agree on what an event does, a frame goes around them

PLACES = {
    State.OPEN: (425, 70),
    State.FINISHING: (300, 210),
    State.READ_CLOSED: (625, 210),
    State.LAST_WORDS: (465, 350),
    State.WRITE_CLOSED: (114, 350),
    State.ENDING: (245, 500),
    State.CLOSING: (640, 500),
    State.ABORTING: (985, 285),
    State.CLOSED: (546, 668),
}

STYLE = """
    .life-state { fill: #7f8ea3; fill-opacity: .18; stroke: currentColor; stroke-opacity: .55; stroke-width: 1.5 }
    .life-first { fill: var(--doom, #d9572b); fill-opacity: .25; stroke: var(--doom, #d9572b); stroke-width: 2.5 }
    .life-name { font-size: 23px; font-weight: 600 }
    .life-event { font-size: 18px; paint-order: stroke; stroke: var(--paper, Canvas); stroke-width: 6 }
    .life-edge { fill: none; stroke: currentColor; stroke-width: 2 }
    .life-frame { fill: none; stroke: currentColor; stroke-opacity: .5; stroke-width: 1.5; stroke-dasharray: 6 6 }
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


def connection_states(table: Table = TRANSITIONS) -> str:
    """The table as an SVG picture. Raises LectureError when the places no longer suit the states."""
    states = sorted({state for state, _ in table} | set(table.values()), key=list(State).index)
    boxes = {state: _place(state) for state in states}
    bundles = _bundles(table)
    frames = {sources: _frame(sources, boxes) for sources, _ in bundles if len(sources) > 1}
    parts = [_box(frame, "life-frame") for frame in frames.values()]
    for (sources, target), events in bundles.items():
        start = frames.get(sources) or boxes[sources[0]]
        parts.append(_arrow(start, boxes[target], sources, events, target))
    parts += [_state(state, boxes[state]) for state in states]
    return _document(parts, table)


def _place(state: State) -> Box:
    if state not in PLACES:
        raise LectureError(f"the state {state.name} has no place in the diagram: add it to PLACES in {__name__}")
    x, y = PLACES[state]
    return Box(x, y, 76, 27)


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


def _frame(sources: tuple[State, ...], boxes: dict[State, Box]) -> Box:
    margin = 7 * (len(sources) - FRAMED_FROM + 1)  # the more states a frame holds, the wider it is: so frames nest
    inside = [boxes[state] for state in sources]
    left, right = min(b.x - b.half_width for b in inside) - margin, max(b.x + b.half_width for b in inside) + margin
    top, bottom = min(b.y - b.half_height for b in inside) - margin, max(b.y + b.half_height for b in inside) + margin
    frame = Box((left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2)
    for state, box in boxes.items():
        if state not in sources and frame.holds(box):
            raise LectureError(f"the state {state.name} lies in a frame that is not about it: move it in {__name__}")
    return frame


def _arrow(start: Box, end: Box, sources: Iterable[State], events: list[Event], target: State) -> str:
    (x1, y1), (x2, y2) = start.towards(end), end.towards(start)
    part = 0.4 if x2 < x1 else 0.6 if x2 > x1 and y2 > y1 else 0.5  # so that neighbours' words have different heights
    x, y = x1 + part * (x2 - x1), y1 + part * (y2 - y1) + 6 - 11 * (len(events) - 1)
    words = "".join(
        f'<text class="life-event" x="{x:.0f}" y="{y + 22 * row:.0f}">{escape(event.value)}</text>'
        for row, event in enumerate(events)
    )
    return (
        f'<g data-from="{_names(sources)}" data-event="{_names(events)}" data-to="{target.name}">'
        f'<path class="life-edge" d="M{x1:.0f} {y1:.0f} {x2:.0f} {y2:.0f}" marker-end="url(#life-tip)"/>{words}</g>'
    )


def _names(members: Iterable[State | Event]) -> str:
    return " ".join(member.name for member in members)


def _state(state: State, box: Box) -> str:
    first = " life-first" if state is next(iter(State)) else ""
    name = f'<text class="life-name" x="{box.x:.0f}" y="{box.y + 7:.0f}">{escape(state.value)}</text>'
    return f'<g data-state="{state.name}">{_box(box, "life-state" + first)}{name}</g>'


def _box(box: Box, kind: str) -> str:
    corner = f'x="{box.x - box.half_width:.0f}" y="{box.y - box.half_height:.0f}"'
    size = f'width="{2 * box.half_width:.0f}" height="{2 * box.half_height:.0f}"'
    return f'<rect class="{kind}" {corner} {size} rx="12"/>'


def _document(parts: list[str], table: Table) -> str:
    told = "; ".join(f"{state.value}, {event.value}: {target.value}" for (state, event), target in table.items())
    drawn = "\n  ".join(parts)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" \
aria-labelledby="life-title life-desc" font-family="system-ui, sans-serif" text-anchor="middle" fill="currentColor">
  <title id="life-title">The life of a connection</title>
  <desc id="life-desc">{escape(told)}.</desc>
  <style>{STYLE}  </style>
  <defs><marker id="life-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">\
<path d="M0 0 10 5 0 10z" fill="currentColor"/></marker></defs>
  {drawn}
</svg>
"""
