"""Checks: conversations that hold a program to rules."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lecture.errors import LectureError, Where
from lecture.exercises.schedules import KINDS
from lecture.exercises.trying import Yours

ALWAYS = ("cuts", "bytes", "slow", "seeds")

Conversation = TypeVar("Conversation", bound=Callable[[Yours], object])


@dataclass(frozen=True)
class Check:
    """A conversation, the ids of the rules that it holds a program to, and in which kinds of schedules it is tried."""

    name: str
    rules: tuple[str, ...]
    kinds: tuple[str, ...]
    conversation: Callable[[Yours], object]


def check(
    *rules: str, also: tuple[str, ...] = (), only: tuple[str, ...] | None = None
) -> Callable[[Conversation], Conversation]:
    """Decorator of a function of a check.py, which is called with a `Yours` and raises Broken.

    rules: ids of the rules that it cites. also: kinds of schedules besides those that every check gets: "glued", where
    a peer may send before it has been answered, and "resets", after which others must still be served. only: these
    kinds and no others; () for the plain run alone.
    Raises ValueError for an unknown kind, and for a check without a rule.
    """
    kinds = (*ALWAYS, *also) if only is None else only
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"there is no kind of schedule {kind!r}: choose among {', '.join(KINDS)}")
    if not rules:
        raise ValueError("a check cites the rules that it holds a program to: @check('R1')")

    def mark(conversation: Conversation) -> Conversation:
        name = conversation.__name__.replace("_", " ")
        conversation.__dict__["check"] = Check(name, rules, kinds, conversation)
        return conversation

    return mark


def read_checks(path: Path) -> list[Check]:
    """The checks of a check.py, in order. Raises LectureError when there is none, or the file raises."""
    try:
        names = runpy.run_path(str(path))
    except Exception as problem:
        raise LectureError(
            f"the checks can't be read: {type(problem).__name__}: {problem}", where=Where(path, 1)
        ) from problem
    found = [check for one in names.values() if (check := getattr(one, "__dict__", {}).get("check"))]
    if not found:
        raise LectureError("there is no check: write a function with @check('R1')", where=Where(path, 1))
    return found
