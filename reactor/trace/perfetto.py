"""A timeline as a trace for ui.perfetto.dev and chrome://tracing.

Each program is a process there, and so is the network. Steps are nested slices. Connections, timers and
Deferreds, which outlive the step that made them, are asynchronous events, identified by their names. Causes
are arrows. Buffers are counters.

Time stands still in a simulated world while a program works, and slices without a length can't be seen. So each step
takes at least a microsecond here; when the clock of the world goes on, the two agree again.

The format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from reactor.log.characters import in_json
from reactor.trace.timeline import Step, Timeline

_NETWORK = 0  # the number of its process; the programs' numbers follow
_MADE = {"connection.made": "connection", "timer.set": "timer", "deferred.made": "Deferred"}
_OVER = {"connection.lost", "timer.fired", "timer.cancelled", "deferred.fired"}
_COUNTED = ("buffer", "kernel_in", "kernel_out")


def to_json(timeline: Timeline) -> str:
    """The file's text."""
    events = [*_processes(timeline), *_Events(timeline).all()]
    lines = ",\n".join(in_json(json.dumps(event, ensure_ascii=False, separators=(",", ":"))) for event in events)
    return f'{{"displayTimeUnit":"ms","traceEvents":[\n{lines}\n]}}\n'


def _processes(timeline: Timeline) -> Iterator[dict[str, Any]]:
    names = ["network", *(_title(program) for program in timeline.programs)]
    for pid, name in enumerate(names):
        yield {"ph": "M", "name": "process_name", "pid": pid, "tid": 1, "args": {"name": name}}
        yield {"ph": "M", "name": "thread_name", "pid": pid, "tid": 1, "args": {"name": "loop" if pid else "packets"}}


def _title(program: dict[str, Any]) -> str:
    return f"{program['name']} on {program['host']}" if "host" in program else str(program["name"])


class _Events:
    """Steps, turned into events."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._steps = timeline.steps
        self._shortest = 1.0 if timeline.world["kind"] == "simulated" else 0.001  # microseconds
        self._times = self._spread()
        self._ends = {step["of"]: self._times[number] for number, step in enumerate(self._steps) if "of" in step}
        self._last = self._times[-1] + self._shortest if self._times else 0.0
        self._lasting: dict[str, dict[str, Any]] = {}
        self._flows = 0

    def _spread(self) -> list[float]:
        """The time at which to show each step, in microseconds: all different."""
        times: list[float] = []
        for step in self._steps:
            at = step["time"] * 1e6
            times.append(round(max(at, times[-1] + self._shortest) if times else at, 3))
        return times

    def all(self) -> Iterator[dict[str, Any]]:
        """Every event of the run."""
        for number, step in enumerate(self._steps):
            yield from self._counters(number, step)
            if step["kind"] == "end":
                continue
            yield self._slice(number, step)
            yield from self._arrows(number, step)
            yield from self._life(number, step)
        for begun in self._lasting.values():  # things that still existed at the end
            yield {**begun, "ph": "e", "ts": self._last}

    def _where(self, step: Step) -> dict[str, Any]:
        return {"pid": step["program"] + 1 if "program" in step else _NETWORK, "tid": 1}

    def _slice(self, number: int, step: Step) -> dict[str, Any]:
        begin = self._times[number]
        length = max(step.get("took", 0) * 1e6, self._shortest / 2)
        end = self._ends.get(number, begin + length if self._is_short(number) else self._last)
        said = {key: step[key] for key in ("thing", "at", "text", "data", "size", "chain") if key in step}
        name = " ".join([step["kind"], *([step["thing"]] if "thing" in step else [])])
        event = {
            "ph": "X",
            "name": name,
            "cat": step["kind"].partition(".")[0],
            "ts": begin,
            "dur": round(end - begin, 3),
        }
        return {**event, **self._where(step), "args": {"step": number, **said}}

    def _is_short(self, number: int) -> bool:
        """Whether nothing happened inside. (A step that has contents and no end was cut off by the end of the tape.)"""
        return not (number + 1 < len(self._steps) and self._steps[number + 1].get("in") == number)

    def _arrows(self, number: int, step: Step) -> Iterator[dict[str, Any]]:
        for cause in step.get("because", ()):
            self._flows += 1
            arrow = {"name": "because", "cat": "because", "id": self._flows}
            yield {**arrow, "ph": "s", "ts": self._times[cause], **self._where(self._steps[cause])}
            yield {**arrow, "ph": "f", "bp": "e", "ts": self._times[number], **self._where(step)}

    def _life(self, number: int, step: Step) -> Iterator[dict[str, Any]]:
        thing, kind = step.get("thing", ""), step["kind"]
        if kind in _MADE:
            known = self._timeline.things.get(thing, {})
            event = {"name": f"{thing} {known.get('name', '')}".strip(), "cat": _MADE[kind], "id": thing}
            self._lasting[thing] = {**event, **self._where(step)}
            yield {**self._lasting[thing], "ph": "b", "ts": self._times[number]}
        elif kind in _OVER and thing in self._lasting:
            yield {**self._lasting.pop(thing), "ph": "e", "ts": self._times[number]}
        elif thing in self._lasting:
            yield {**self._lasting[thing], "name": kind, "ph": "n", "ts": self._times[number]}

    def _counters(self, number: int, step: Step) -> Iterator[dict[str, Any]]:
        for name, value in step.get("set", {}).items():
            thing, _, what = name.partition(".")
            if what in _COUNTED:
                program = self._timeline.things.get(thing, {}).get("program")
                pid = _NETWORK if program is None else program + 1
                size = value[0] if value else 0
                counter = {"ph": "C", "name": f"{thing} {what}", "pid": pid, "ts": self._times[number]}
                yield {**counter, "args": {"bytes": size}}
