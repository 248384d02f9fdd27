"""Records steps, one after the other, each inside those that have begun and not ended.

Most of the time a loop looks and finds nothing. So a span may be *quiet*: its step is recorded only when
something happens inside it. A span in which nothing happened is one step; any other span also gets an "end" step, so
that changes at its end are not recorded before what happened inside.

The tape has an end: `most_steps`. Later steps are counted, not kept. Changed names and values are not recorded one
by one: `change` notes them, and the next step carries them all.
"""

from __future__ import annotations

import sys
from _thread import get_ident
from collections.abc import Callable
from typing import Any

from reactor.trace.stable_text import Places

Step = dict[str, Any]

_SECOND_DIGITS = 9
_FIRST = ("kind", "program", "in", "of", "thing")  # each step has these first, for human readers


class Span:
    """A step that lasts as long as a `with` block. Made by `Tape.span`.

    number: of its step; None while it is quiet, or if there was no room for it.
    changes: what its beginning changes. is_quiet: whether nothing has happened in it yet. begun: the time.
    """

    def __init__(self, tape: Tape, step: Step, is_quiet: bool, is_alone: bool, changes: dict[str, Any]) -> None:
        self._tape = tape
        self._is_alone = is_alone
        self.step = step
        self.changes = changes
        self.is_quiet = is_quiet
        self.is_open = False
        self.number: int | None = None
        self.begun = 0.0

    def __enter__(self) -> Span:
        self._outer = self._tape.enter(self, self._is_alone)
        return self

    def __exit__(self, *problem: object) -> None:
        self._tape.leave(self, self._outer)


_Outer = tuple[list[Span], int | None]


class Tape:
    """The steps of one run.

    seconds: the clock of the run, from 0. most_steps: how many are kept. data_bytes: how many bytes of each piece of
    data are kept. places: lines of the program.
    program: the number of the program that has its turn; None for the network.
    steps, programs, things: as in the timeline. state: the sum of the changes so far.
    left_out: how many steps there was no room for.
    """

    def __init__(self, seconds: Callable[[], float], most_steps: int, data_bytes: int) -> None:
        self.seconds = seconds
        self.most_steps = most_steps
        self.data_bytes = data_bytes
        self.places = Places()
        self.program: int | None = None
        self.steps: list[Step] = []
        self.programs: list[dict[str, Any]] = []
        self.things: dict[str, dict[str, Any]] = {}
        self.state: dict[str, Any] = {}
        self.left_out = 0
        self._spans: list[Span] = []
        self._changes: dict[str, Any] = {}
        self._numbers: dict[str, int] = {}
        self._names: dict[int, tuple[Any, str]] = {}  # by id(); the object is kept, or another could have its id
        self.thread = get_ident()

    # --- things

    def name(self, one: Any, letter: str, /, **info: Any) -> str:
        """The name of a thing; a new name if it has none. info: what is known about it."""
        known = self._names.get(id(one))
        if known is None:
            known = self._names[id(one)] = one, self.new_name(letter)
        self.describe(known[1], **info)
        return known[1]

    def new_name(self, letter: str) -> str:
        """An unused name: the kind, and a number."""
        self._numbers[letter] = number = self._numbers.get(letter, 0) + 1
        return f"{letter}{number}"

    def give_name(self, one: Any, name: str) -> None:
        """Let this object stand for the thing, too."""
        self._names[id(one)] = one, name

    def known(self, one: Any) -> str | None:
        """The name of a thing, if it has one."""
        known = self._names.get(id(one))
        return None if known is None else known[1]

    def forget(self, one: Any) -> None:
        """The thing is gone: the tape need not keep the object."""
        self._names.pop(id(one), None)

    def describe(self, name: str, /, **info: Any) -> None:
        """Add to what is known about a thing."""
        if len(self.steps) < self.most_steps:
            self.things.setdefault(name, {}).update({key: value for key, value in info.items() if value is not None})

    # --- steps

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another step."""
        return len(self.steps) >= self.most_steps

    def is_elsewhere(self) -> bool:
        """Whether this is another thread, of which nothing is recorded."""
        return get_ident() != self.thread

    def line(self) -> str | None:
        """The line of the program that is running."""
        return self.places.here(sys._getframe(1))

    def bytes(self, data: Any) -> dict[str, Any]:
        """A piece of data, for `step`: as much of it as is kept, and its size."""
        return {"data": bytes(data[: self.data_bytes]).decode("latin-1"), "size": len(data)}

    def preview(self, waiting: Any, size: int) -> list[Any] | None:
        """What a buffer holds, for `change`: how many bytes, and the first ones. None for nothing."""
        return [size, bytes(waiting[: self.data_bytes]).decode("latin-1")] if size else None

    def change(self, name: str, value: Any) -> None:
        """Note a changed value (None for nothing) for the next step."""
        if self._changes.get(name, self.state.get(name)) != value:
            self._changes[name] = value

    def step(self, kind: str, thing: str | None = None, **more: Any) -> int | None:
        """Record a step. Returns its number; None if there is no room for it.

        more: see FORMAT.md; what is None is left out.
        """
        if self.is_elsewhere():
            return None
        self._take_down_quiet_ones()
        return self._take_down({"kind": kind, "thing": thing, **more})

    def span(
        self,
        kind: str,
        thing: str | None = None,
        quiet: bool = False,
        alone: bool = False,
        changes: dict[str, Any] | None = None,
        **more: Any,
    ) -> Span:
        """While a `with` block runs, steps are inside this one.

        quiet: see above. alone: it is inside no other step. changes: what its beginning changes; see `change`.
        """
        return Span(self, {"kind": kind, "thing": thing, **more}, quiet, alone, changes or {})

    def enter(self, span: Span, alone: bool) -> _Outer | None:
        """The block begins. Returns the argument for `leave`; None in another thread."""
        if self.is_elsewhere():
            return None
        outer = self._spans, self.program
        if alone:
            self._spans, self.program = [], None
        span.is_open = True
        if not span.is_quiet:
            self._take_down_quiet_ones()
            self._begin(span)
        self._spans.append(span)
        return outer

    def leave(self, span: Span, outer: _Outer | None) -> None:
        """The block ends."""
        if outer is not None:
            self.end(span)
            self._spans.remove(span)
            self._spans, self.program = outer

    def again(self, span: Span) -> None:
        """End a quiet span here; it begins anew when something else happens in it."""
        self.end(span)
        span.step = {key: value for key, value in span.step.items() if key in ("kind", "thing")}
        span.number, span.is_open, span.is_quiet = None, True, True

    def end(self, span: Span) -> None:
        """End a span, perhaps before its block."""
        if not span.is_open:
            return
        span.is_open = False
        if span.number is None:
            return
        if span.number == len(self.steps) - 1:
            self._finish_alone(span)
        else:
            around = next((one.number for one in reversed(self._spans_around(span)) if one.number is not None), None)
            self._take_down({"kind": "end", "of": span.number, "in": around}, always=True)

    def _finish_alone(self, span: Span) -> None:
        """End a span in which nothing has happened."""
        taken = round(self.seconds() - span.begun, _SECOND_DIGITS)
        step = self.steps[-1]
        if taken > 0:
            step["took"] = taken
        self.add_changes(step)

    def _spans_around(self, span: Span) -> list[Span]:
        return self._spans[: self._spans.index(span)] if span in self._spans else self._spans

    def _inside(self) -> int | None:
        """The step that contains the next one."""
        for span in reversed(self._spans):
            if span.number is not None:
                return span.number
        return None

    def _take_down_quiet_ones(self) -> None:
        for number, span in enumerate(self._spans):
            if span.is_quiet and span.is_open:
                outer, self._spans = self._spans, self._spans[:number]
                self._begin(span)
                self._spans = outer

    def _begin(self, span: Span) -> None:
        span.is_quiet = False
        for name, value in span.changes.items():
            self.change(name, value)
        span.number = self._take_down(span.step, span)

    def _take_down(self, step: Step, span: Span | None = None, always: bool = False) -> int | None:
        if len(self.steps) >= self.most_steps and not always:
            self.left_out += 1
            return None
        if "in" not in step:
            step["in"] = self._inside()
        if "program" not in step and "of" not in step:
            step["program"] = self.program
        now = round(self.seconds(), _SECOND_DIGITS)
        whole: Step = {"time": now}
        for key in _FIRST:
            if step.get(key) is not None:
                whole[key] = step[key]
        for key, value in step.items():
            if value is not None:
                whole[key] = value
        self.steps.append(whole)
        self.add_changes(whole)
        if span is not None:
            span.step, span.begun = whole, now
        return len(self.steps) - 1

    def add_changes(self, step: Step) -> None:
        """Add the noted changes to this step, which is the last one."""
        if not self._changes:
            return
        changes = {name: value for name, value in self._changes.items() if self.state.get(name) != value}
        self._changes.clear()
        if not changes:
            return
        step.setdefault("set", {}).update(changes)
        for name, value in changes.items():
            if value is None:
                self.state.pop(name, None)
            else:
                self.state[name] = value
