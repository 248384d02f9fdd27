"""What a page says over the WebSocket, as JSON. The other direction, and both in types: site/src/live/messages.ts.

moved  = {"type": "moved", "slide": "s20", "step": 3}
run    = {"type": "run", "example": "03_echo"} / with "edits": {"server.py": "…"}
stop   = {"type": "stop", "late": false}              late: its deck has given up waiting
source = {"type": "source", "example": "03_echo"}     the texts of its programs, to be edited
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = 256 * 1024  # of a message; a program that somebody edits on a slide is far smaller

_SLIDE = re.compile(r"s[1-9]\d{0,4}(?:w[1-9]\d{0,2})?", re.ASCII)
_NAME = re.compile(r"[\w-][\w.-]{0,99}")  # of a program: one step of a path, and none that leads up
_EXAMPLE = re.compile(rf"{_NAME.pattern}(?:/{_NAME.pattern}){{0,3}}")  # a wrong program's is 03_echo/wrong/one_chunk


class BadMessage(ValueError):
    """It is none of ours. The text says why."""


@dataclass(frozen=True)
class Moved:
    """The speaker is at this step of this slide."""

    slide: str
    step: int


@dataclass(frozen=True)
class Run:
    """The speaker wants an example to be run. edits: texts for its programs, by name."""

    example: str
    edits: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stop:
    """The speaker wants the run to be stopped. late: or shows the recorded one already, as nothing came in time."""

    late: bool = False


@dataclass(frozen=True)
class Source:
    """The speaker wants to edit the programs of an example."""

    example: str


Message = Moved | Run | Stop | Source


def parse(text: str) -> Message:
    """Raises BadMessage for what isn't one of the four."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise BadMessage(f"it is not JSON: {problem}") from None
    kind = said.get("type") if isinstance(said, dict) else None
    if kind == "moved":
        return Moved(_matching(_SLIDE, said.get("slide"), "a slide"), _step(said.get("step")))
    if kind == "run":
        return Run(_matching(_EXAMPLE, said.get("example"), "an example"), _edits(said.get("edits", {})))
    if kind == "stop":
        return Stop(said.get("late") is True)
    if kind == "source":
        return Source(_matching(_EXAMPLE, said.get("example"), "an example"))
    raise BadMessage(f"its type is {str(kind)[:40]!r}; those that there are: moved, run, stop, source")


def _matching(pattern: re.Pattern[str], value: Any, what: str) -> str:
    if isinstance(value, str) and pattern.fullmatch(value):
        return value
    raise BadMessage(f"{str(value)[:40]!r} is no name of {what}")


def _step(value: Any) -> int:
    if type(value) is int and 1 <= value <= 9999:
        return value
    raise BadMessage(f"{str(value)[:40]!r} is no step: those are numbers from 1")


def _edits(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise BadMessage("the edits of a run are texts by name")
    return {_matching(_NAME, name, "a program"): text for name, text in value.items()}
