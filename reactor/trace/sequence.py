"""Which program sends what to which, and when: the part of a timeline that a sequence diagram shows.

A timeline has everything; a diagram must leave out nearly all of it. It keeps connections begun, ended and refused,
what was written at one end and came at the other, timers of the program, and what was
printed. svg.py draws it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reactor.trace.timeline import Step, Timeline

ELSEWHERE = "elsewhere"
_LONGEST = 34  # characters of a label


@dataclass
class Mark:
    """Something that happens at one lifeline. kind: "printed", "timer", "listens", "ended" or "failed"."""

    step: int
    time: float
    who: int
    text: str
    kind: str


@dataclass
class Arrow:
    """Something that goes from one lifeline to another. kind: "data", "connect", "close" or "reset".

    begin, end: the steps; the end is None if it never arrives. source, target: the lifelines; both are the same if
    it is for the same program, or reaches no program.
    """

    begin: int
    time: float
    source: int
    target: int
    text: str
    kind: str
    end: int | None = None


@dataclass
class Sequence:
    """A diagram. lifelines: their names. items: marks and arrows, in the order in which they begin."""

    lifelines: list[str]
    items: list[Mark | Arrow] = field(default_factory=list)
    left_out: int = 0

    def told(self) -> list[str]:
        """The diagram in words, a sentence for each item."""
        return [self._told(item) for item in self.items]

    def _told(self, item: Mark | Arrow) -> str:
        if isinstance(item, Mark):
            return f"{self.lifelines[item.who]}: {item.text}"
        if item.source == item.target and item.end is None:
            return f"{self.lifelines[item.source]} to nobody: {item.text}"
        way = f"{self.lifelines[item.source]} to {self.lifelines[item.target]}"
        return f"{way}: {item.text}" + (" (does not arrive)" if item.end is None else "")


def sequence_of(timeline: Timeline, most: int = 80, marks: bool = True) -> Sequence:
    """The diagram of a timeline. most: how many marks and arrows it has at most. marks: whether there are marks."""
    return _Reader(timeline).read(most, marks)


class _Reader:
    """Goes through the steps once."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._steps = timeline.steps
        self._lines = [str(program["name"]) for program in timeline.programs]
        self._tell_apart()
        self._peers = self._pairs()
        self._arrows: dict[int, Arrow] = {}  # by the step that begins it
        self._ending: dict[frozenset[str], tuple[Arrow, str]] = {}  # with the end that it came from
        self._items: list[Mark | Arrow] = []
        self._made = {
            cause: step for step in self._steps if step["kind"] == "connection.made" for cause in _causes(step)
        }

    def _tell_apart(self) -> None:
        """Programs of the same name get their host's name too, or a number."""
        for number, program in enumerate(self._timeline.programs):
            same = [other for other, one in enumerate(self._timeline.programs) if one["name"] == program["name"]]
            if len(same) > 1:
                hosts = {self._timeline.programs[other].get("host") for other in same}
                mark = program.get("host") if len(hosts) == len(same) else same.index(number) + 1
                self._lines[number] = f"{program['name']} {mark}"

    def _pairs(self) -> dict[str, str]:
        """Each connection's other end."""
        ends: dict[tuple[str, str], str] = {}
        pairs: dict[str, str] = {}
        for name, thing in self._timeline.things.items():
            if name.startswith("c") and "here" in thing and "program" in thing:
                ends[thing["here"], thing["there"]] = name
                other = ends.get((thing["there"], thing["here"]))
                if other is not None:
                    pairs[name], pairs[other] = other, name
        return pairs

    def read(self, most: int, marks: bool) -> Sequence:
        for number, step in enumerate(self._steps):
            handler = getattr(self, "_" + step["kind"].replace(".", "_"), None)
            if handler is not None and "program" in step:
                handler(number, step)
        if not marks:
            self._items = [item for item in self._items if isinstance(item, Arrow)]
        for item in self._items:
            if isinstance(item, Arrow) and item.end is None and item.target == len(self._lines):
                item.target = item.source  # it reached no program
        lines = [*self._lines, ELSEWHERE]
        used = {who for item in self._items for who in _who(item)}
        kept = [who for who in range(len(lines)) if who in used]
        for item in self._items:
            _renumber(item, kept)
        return Sequence([lines[who] for who in kept], self._items[:most], max(0, len(self._items) - most))

    # --- marks

    def _mark(self, number: int, step: Step, text: str, kind: str) -> None:
        self._items.append(Mark(number, step["time"], step["program"], text, kind))

    def _port_listening(self, number: int, step: Step) -> None:
        self._mark(number, step, f"listens on {self._name(step)}", "listens")

    def _output(self, number: int, step: Step) -> None:
        for line in step["data"].splitlines():
            if line.strip():
                self._mark(number, step, _cut(line), "printed")

    def _timer_fired(self, number: int, step: Step) -> None:
        if "at" in step:
            self._mark(number, step, f"{step['time']:g} s: {_cut(step.get('text', 'timer'))}", "timer")

    def _connect_failed(self, number: int, step: Step) -> None:
        self._mark(number, step, _cut(step.get("text", "").partition(":")[0]), "failed")

    def _program_ended(self, number: int, step: Step) -> None:
        if step.get("text") != "exit 0":
            self._mark(number, step, step.get("text", "ends"), "ended")

    # --- arrows

    def _begin(self, number: int, step: Step, target: int, text: str, kind: str) -> Arrow:
        arrow = Arrow(number, step["time"], step["program"], target, text, kind)
        self._items.append(arrow)
        self._arrows[number] = arrow
        return arrow

    def _end(self, arrow: Arrow, number: int, step: Step) -> None:
        arrow.end, arrow.target = number, step["program"]

    def _program_at(self, name: str | None) -> int:
        """The lifeline of this end of a connection; "elsewhere" if its program isn't watched."""
        return int(self._timeline.things.get(name or "", {}).get("program", len(self._lines)))

    def _connect_begun(self, number: int, step: Step) -> None:
        made = self._made.get(number)
        peer = self._peers.get(made["thing"]) if made is not None else None
        arrow = self._begin(number, step, self._program_at(peer), f"connect to {self._name(step)}", "connect")
        if made is not None and peer is None:
            arrow.end = self._steps.index(made)

    def _connection_made(self, number: int, step: Step) -> None:
        """At the server's end; a client's has a cause."""
        peer = self._peers.get(step["thing"])
        for cause, made in self._made.items():
            if made["thing"] == peer and cause in self._arrows and "because" not in step:
                self._end(self._arrows[cause], number, step)
        if peer is None and "because" not in step:
            arrow = Arrow(number, step["time"], len(self._lines), step["program"], "connect", "connect")
            self._items.append(arrow)
            arrow.end = number

    def _data_written(self, number: int, step: Step) -> None:
        peer = self._peers.get(step["thing"])
        arrow = self._begin(number, step, self._program_at(peer), _data(step), "data")
        if peer is None:
            arrow.end = number

    def _data_received(self, number: int, step: Step) -> None:
        causes = [cause for cause in _causes(step) if cause in self._arrows]
        if causes:
            for cause in causes:
                self._end(self._arrows[cause], number, step)
        elif self._peers.get(step.get("thing", "")) is None:
            arrow = Arrow(number, step["time"], len(self._lines), step["program"], _data(step), "data")
            self._items.append(arrow)
            arrow.end = number

    def _datagram_written(self, number: int, step: Step) -> None:
        self._begin(number, step, len(self._lines), _data(step), "data")

    def _datagram_received(self, number: int, step: Step) -> None:
        for cause in _causes(step):
            arrow = self._arrows.get(cause)
            if arrow is not None and arrow.end is None:
                self._end(arrow, number, step)
            elif arrow is not None:  # it came a second time, or to another program too
                again = Arrow(arrow.begin, arrow.time, arrow.source, step["program"], arrow.text, "data")
                self._end(again, number, step)
                self._items.append(again)

    def _connection_closing(self, number: int, step: Step) -> None:
        if self._pair(step) not in self._ending:
            self._begin_end(number, step, "reset" if step.get("text", "").startswith("abort") else "close")

    def _connection_lost(self, number: int, step: Step) -> None:
        known = self._ending.get(self._pair(step))
        if known is None:  # the program didn't ask for it: it ends, or the network is broken
            self._begin_end(number, step, "close")
            return
        arrow, closer = known
        is_other_end = step["thing"] != closer
        if arrow.end is None and (is_other_end or self._peers.get(closer) is None):
            target = step["program"] if is_other_end else arrow.target
            self._end(arrow, number, step)
            arrow.target = target

    def _begin_end(self, number: int, step: Step, kind: str) -> None:
        target = self._program_at(self._peers.get(step["thing"]))
        self._ending[self._pair(step)] = self._begin(number, step, target, kind, kind), step["thing"]

    def _pair(self, step: Step) -> frozenset[str]:
        return frozenset((step["thing"], self._peers.get(step["thing"], "")))

    # --- words

    def _name(self, step: Step) -> str:
        return str(self._timeline.things.get(step.get("thing", ""), {}).get("name", ""))


def _causes(step: Step) -> list[int]:
    return list(step.get("because", ()))


def _who(item: Mark | Arrow) -> tuple[int, ...]:
    return (item.who,) if isinstance(item, Mark) else (item.source, item.target)


def _renumber(item: Mark | Arrow, kept: list[int]) -> None:
    if isinstance(item, Mark):
        item.who = kept.index(item.who)
    else:
        item.source, item.target = kept.index(item.source), kept.index(item.target)


def _data(step: dict[str, Any]) -> str:
    """Bytes, as text if they look like it."""
    data, size = str(step["data"]), step["size"]
    text = data.rstrip("\r\n")
    if not text or sum(character.isprintable() and character < "\x7f" for character in text) < 0.9 * len(text):
        return f"{size} bytes"
    text = text.replace("\r\n", " ⏎ ").replace("\n", " ⏎ ")
    if size > len(data) or len(text) > _LONGEST:
        return f"{text[: _LONGEST - 12]}… ({size} bytes)"
    return text


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
