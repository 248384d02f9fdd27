"""A recorded run: the list of its steps, and the state at each of them.

FORMAT.md describes the file; timeline.schema.json does so for machines. This module reads and writes it, and goes
forward and back in it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from reactor.log.characters import in_json

FORMAT = "reactor-trace"
VERSION = 1

Step = dict[str, Any]


class BadTimeline(ValueError):
    """The file is not a timeline, or of a version that this program doesn't know."""


@dataclass
class Timeline:
    """One run. The fields are those of the file."""

    world: dict[str, Any]
    programs: list[dict[str, Any]]
    things: dict[str, dict[str, Any]]
    limits: dict[str, int]
    steps: list[Step]
    left_out: int = 0

    def to_json(self) -> str:
        """The file's text: one step a line, so that two files can be compared by eye."""
        head = {
            "format": FORMAT,
            "version": VERSION,
            "world": self.world,
            "limits": self.limits,
            "left_out": self.left_out,
            "programs": self.programs,
            "things": self.things,
        }
        lines = ",\n".join(_compact(step) for step in self.steps)
        return f'{_compact(head)[:-1]},"steps":[\n{lines}\n]}}\n'

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the file. Raises OSError."""
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(self.to_json())

    @classmethod
    def from_json(cls, text: str | bytes) -> Timeline:
        """Read what `to_json` wrote. Raises BadTimeline, which says what is wrong, and where."""
        try:
            found = json.loads(text)
        except ValueError as problem:
            raise BadTimeline(f"this is no timeline, it isn't even JSON: {problem}") from problem
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise BadTimeline(f'this is no timeline: a timeline says "format": "{FORMAT}" at its beginning')
        if found.get("version") != VERSION:
            raise BadTimeline(f"this timeline is of version {found.get('version')!r}, and {VERSION} is what I know")
        try:
            timeline = cls(**{name: found[name] for name in cls.__dataclass_fields__})
        except KeyError as problem:
            raise BadTimeline(f"this timeline has no {problem}") from problem
        timeline.check()
        return timeline

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Timeline:
        """Read a file. Raises OSError, BadTimeline."""
        with open(path, "rb") as file:
            return cls.from_json(file.read())

    def check(self) -> None:
        """Check that the steps fit together: their times, nesting and causes. Raises BadTimeline."""
        open_steps: set[int] = set()
        before = 0.0
        for number, step in enumerate(self.steps):
            try:
                self._check_step(number, step, open_steps, before)
            except (TypeError, KeyError, AttributeError) as problem:
                raise BadTimeline(f"step {number} is not as it should be: {problem!r}") from problem
            before = step["time"]

    def _check_step(self, number: int, step: Step, open_steps: set[int], before: float) -> None:
        if step["time"] < before:
            raise BadTimeline(f"step {number} is at {step['time']} s, and the one before it at {before} s")
        if any(cause >= number for cause in step.get("because", ())):
            raise BadTimeline(f"step {number} is there because of {step['because']}, which come later")
        if "in" in step and step["in"] not in open_steps:
            raise BadTimeline(f"step {number} is inside step {step['in']}, which is not open then")
        if step["kind"] == "end":
            if step["of"] not in open_steps:
                raise BadTimeline(f"step {number} is the end of step {step['of']}, which is not open then")
            open_steps.remove(step["of"])
        else:
            if step.get("thing", "p") not in self.things and "thing" in step and self.left_out == 0:
                raise BadTimeline(f"step {number} is about {step['thing']!r}, of which nothing is known")
            open_steps.add(number)

    def state(self) -> State:
        """The state before the first step, to go on from."""
        return State(self)

    def at(self, step: int) -> State:
        """The state after this many steps."""
        state = State(self)
        state.go_to(step)
        return state


@dataclass
class State:
    """The state after some of the steps: names and values, see FORMAT.md.

    position: how many steps have been made.
    """

    timeline: Timeline
    values: dict[str, Any] = field(default_factory=dict)
    position: int = 0
    _undo: list[dict[str, Any]] = field(default_factory=list, repr=False)

    def apply(self) -> Step:
        """Take the next step. Returns it. Raises IndexError at the end."""
        if self.position >= len(self.timeline.steps):
            raise IndexError(f"there are {len(self.timeline.steps)} steps, and all have been made")
        step = self.timeline.steps[self.position]
        changes = step.get("set", {})
        self._undo.append({name: self.values.get(name) for name in changes})
        self._put(changes)
        self.position += 1
        return step

    def rewind(self) -> Step:
        """Undo the last step. Returns it. Raises IndexError at the beginning."""
        if not self._undo:
            raise IndexError("this is the beginning: no step has been made")
        self._put(self._undo.pop())
        self.position -= 1
        return self.timeline.steps[self.position]

    def go_to(self, position: int) -> None:
        """Go to the state after this many steps. Raises IndexError if there are fewer."""
        if not 0 <= position <= len(self.timeline.steps):
            raise IndexError(f"there are {len(self.timeline.steps)} steps, none can be at {position}")
        while self.position < position:
            self.apply()
        while self.position > position:
            self.rewind()

    def _put(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            if value is None:
                self.values.pop(name, None)
            else:
                self.values[name] = value

    @property
    def state_hash(self) -> str:
        """A digest of all names and values: SHA-256 of their JSON with sorted keys."""
        return sha256(json.dumps(self.values, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _compact(value: object) -> str:
    return in_json(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
