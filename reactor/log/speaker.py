"""The context of a call: keys that every event has that is logged while the call runs.

    log.callWithContext({"system": "mail"}, deliver, letter)      # what `deliver` logs has this system

The program's log (`log/program.py`) asks `context.get(ILogContext)` when it makes an event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from reactor import context

P = ParamSpec("P")
T = TypeVar("T")


class ILogContext:
    """The key under which `reactor.context` keeps the keys of every event."""


context.setDefault(ILogContext, {"system": "-"})


def callWithContext(ctx: Mapping[str, Any], func: Callable[P, T], /, *args: P.args, **kw: P.kwargs) -> T:
    """Call the function; every event that is logged inside has the keys of `ctx`, such as a `system`."""
    return context.call({ILogContext: {**context.get(ILogContext), **ctx}}, func, *args, **kw)
