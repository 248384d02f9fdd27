"""Leaves steps out of a timeline, so that the state at those which stay is what it was.

A long run, of a proxy that carries megabytes, repeats itself thousands of times. What is worth reading is how it begins
and how it ends. So of a timeline that is too long the packets and what else the machinery does by itself go first, and
then the middle; never the end, and nothing that was printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from reactor.trace.timeline import Step, Timeline
from reactor.trace.words import why

_MACHINERY = ("end", "ready", "data.sent", "packet.sent", "packet.arrived", "packet.lost")


def abridged(timeline: Timeline, most: int) -> Timeline:
    """The timeline, of which about `most` steps stay if it has more; a step of the kind `skipped` says so."""
    if len(timeline.steps) <= most:
        return timeline
    short = _without_packets(only(timeline, lambda step: step["kind"] not in _MACHINERY))
    if len(short.steps) <= most:
        return short
    first, last = most // 2, len(short.steps) - most // 2
    left_out = range(first, last)
    marked = [*short.steps[:first], *map(_skipped, short.steps[first:last]), *short.steps[last:]]
    marked[first] = {**marked[first], "text": f"{len(left_out):,} steps are left out here: it goes on like this"}
    return _kept(replace(short, steps=marked), [n for n, step in enumerate(marked) if _stays(step)])


def without_ends(timeline: Timeline) -> Timeline:
    """The timeline without the steps that only say that another one is over: for readers who go from event to event."""
    return only(timeline, lambda step: step["kind"] != "end")


def only(timeline: Timeline, stays: Callable[[Step], bool]) -> Timeline:
    """The timeline with these steps and its last one; what the others change, the next that stays changes."""
    last = len(timeline.steps) - 1
    return _kept(timeline, [n for n, step in enumerate(timeline.steps) if stays(step) or n == last])


def _without_packets(timeline: Timeline) -> Timeline:
    """Say nothing of packets that are under way: nobody sees them sent."""
    things = {name: thing for name, thing in timeline.things.items() if not name.startswith("k")}
    steps = []
    for step in timeline.steps:
        changes = {name: value for name, value in step.get("set", {}).items() if not name.startswith("k")}
        steps.append(_without_empty({**step, "set": changes}))
    return replace(timeline, things=things, steps=steps)


def _skipped(step: Step) -> Step:
    if step["kind"] == "output":
        return step
    return {"kind": "skipped", **{name: step[name] for name in ("time", "set") if name in step}}


def _stays(step: Step) -> bool:
    return step["kind"] != "skipped" or "text" in step


def _kept(timeline: Timeline, numbers: list[int]) -> Timeline:
    places = {number: place for place, number in enumerate(numbers)}
    steps: list[Step] = []
    state = timeline.state()
    before: dict[str, Any] = {}
    for number in numbers:
        touched = {name for step in timeline.steps[state.position : number + 1] for name in step.get("set", ())}
        state.go_to(number + 1)
        changes = {name: state.values.get(name) for name in sorted(touched)}
        changed = {name: value for name, value in changes.items() if value != before.get(name)}
        before.update(changed)
        steps.append(_renumbered(timeline, number, places, changed))
    named = {step["thing"] for step in steps if "thing" in step}
    named |= {_owner(name) for step in steps for name in step["set"]}
    things = {name: thing for name, thing in timeline.things.items() if name in named}
    return replace(timeline, things=things, steps=[_without_empty(step) for step in steps])


def _renumbered(timeline: Timeline, number: int, places: dict[int, int], changes: dict[str, Any]) -> Step:
    """A step whose references lead to steps that are there; a cause that isn't, to the nearest before it."""
    step = {**timeline.steps[number], "set": changes}
    step["in"] = next((places[one] for one in _around(timeline, number) if one in places), None)
    if "because" in step:
        step["because"] = [places[one] for one in step["because"] if one in places]
        if not step["because"]:
            step["because"] = [places[one] for one in why(timeline, number) if one in places][:1]
    if step["kind"] == "end":
        step["kind"], step["of"] = ("end", places[step["of"]]) if step["of"] in places else ("skipped", None)
    return step


def _around(timeline: Timeline, number: int) -> Iterable[int]:
    """The step that this one is inside of, the one around that, and so on."""
    around = timeline.steps[number].get("in")
    while around is not None:
        yield around
        around = timeline.steps[around].get("in")


def _owner(name: str) -> str:
    return name.partition(".")[0]


def _without_empty(step: Step) -> Step:
    return {name: value for name, value in step.items() if value is not None and value not in ([], {})}
