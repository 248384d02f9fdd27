"""A program that is never at rest: who keeps it busy?

It asks for its next turn inside each turn, so that no time ever passes and nothing else can happen. The usual culprit
is a `callLater(0, …)` that calls itself; another is a descriptor that stays readable because nobody reads it.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reactor.sim.sim_reactor import SimReactor


def explained(reactor: SimReactor, turns: int) -> str:
    """What to say of a program whose reactor took so many turns without waiting once."""
    return f"a program took {turns:,} turns and never waited: {_culprit(reactor)}"


def _culprit(reactor: SimReactor) -> str:
    now = reactor.seconds()
    due = [call for call in reactor.getDelayedCalls() if call.getTime() <= now]
    if due:
        return f"{_name(due[0].func)} asks for itself again"
    for fd, _ in reactor.poller.poll(0) if reactor.poller.is_anybody_ready() else ():
        owner = reactor.descriptors.readers.get(fd) or reactor.descriptors.writers.get(fd)
        return f"{owner!r} stays ready, and nobody reads or writes"
    return "it asks for one turn after the other"


def _name(function: Any) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    name = getattr(function, "__name__", type(function).__name__)
    return name if code is None else f"{name} ({Path(code.co_filename).name}:{code.co_firstlineno})"
