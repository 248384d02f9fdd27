"""One try once more, recorded step by step, and the step at which it first goes otherwise than it should."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

from lecture.exercises.checks import Check
from lecture.exercises.grading import converse
from lecture.exercises.peers import Broken
from lecture.exercises.schedules import PLAIN, Dice, Schedule, schedules
from lecture.exercises.trying import Yours
from reactor.trace import Recorder, Timeline

Replay = tuple[Timeline, int]  # a run, line by line, and how many steps of it have been made when it first goes wrong


def recorded(
    script: Path,
    check: Check,
    schedule: str,
    dice: Dice,
    watch: Callable[[Callable[[], Replay]], object] = lambda so_far: None,
) -> Replay:
    """The run once more, recorded: its lines, too, unless there are so many that what goes wrong finds no room.

    schedule: its name. watch: is called when the run begins, with a function that gives what was recorded so far, for
    who must end a program that never ends. Raises LookupError when this check has no such schedule.
    """
    chosen = _named(script, check, schedule, dice)

    def record(lines: bool) -> Replay:
        with Yours(script, chosen) as yours, Recorder(yours.world, lines=lines) as tape:

            def so_far(broken: Broken | None = None) -> Replay:
                timeline = tape.timeline()
                return timeline, first_difference(timeline, script.name, broken)

            watch(so_far)
            return so_far(converse(yours, check))

    replay = record(lines=True)
    return record(lines=False) if replay[0].left_out else replay


def _named(script: Path, check: Check, name: str, dice: Dice) -> Schedule:
    if name == PLAIN.name:
        return PLAIN
    with Yours(script, PLAIN) as plain:
        converse(plain, check)
        return {one.name: one for one in schedules(check.kinds, plain.stream, plain.steps, dice)}[name]


def first_difference(timeline: Timeline, program: str, broken: Broken | None) -> int:
    """How many steps have been made when a program has first written, or printed, something else than expected.

    Where something is missing, that is the last thing that the program did.
    """
    own = [number for number, one in enumerate(timeline.programs) if one["name"] == program]
    steps = [(number, step) for number, step in enumerate(timeline.steps) if step.get("program") in own]
    if broken is not None and broken.came and broken.expected is not None:
        kind = "output" if isinstance(broken.came, str) else "data.written"
        for pieces in _streams(steps, kind).values():
            if (found := _where(pieces, broken)) is not None:
                return found + 1
    acts = ("data.received", "connection.lost", "timer.fired", "data.written", "output", "port.listening")
    return next((number for number, step in reversed(steps) if step["kind"] in acts), 0) + 1


def _streams(steps: list[tuple[int, dict[str, Any]]], kind: str) -> dict[str, list[tuple[int, str, int]]]:
    """What was written to each connection: number of the step, data, size."""
    streams: dict[str, list[tuple[int, str, int]]] = {}
    for number, step in steps:
        if step["kind"] == kind:
            where, data = step.get("thing") or step.get("text", ""), step.get("data", "")
            streams.setdefault(where, []).append((number, data, step.get("size", len(data))))
    return streams


def _where(pieces: list[tuple[int, str, int]], broken: Broken) -> int | None:
    """The step that wrote what differs first, if these pieces end in what came, or it is a line among those printed."""
    came, expected = _letters(broken.came), _letters(broken.expected)
    written = "".join(data.ljust(size, "\0") for _, data, size in pieces)
    begun = len(written) - len(came)
    if begun < 0 or not _fits(written[begun:], came):
        line = re.search(f"{re.escape(came)}$", written, re.MULTILINE) if isinstance(broken.came, str) else None
        if line is None:
            return None
        begun = line.start()
    same = next((n for n, (a, b) in enumerate(zip_longest(came, expected)) if a != b), len(came))
    for number, _, size in pieces:
        begun -= size
        if begun + same < 0:
            return number
    return pieces[-1][0]


def _fits(written: str, came: str) -> bool:
    """Whether these are the same, but for what the timeline has left out."""
    return all(a in (b, "\0") for a, b in zip(written, came, strict=True))


def _letters(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
