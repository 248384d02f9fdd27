"""Who speaks: what belongs into every event that is logged while a certain call runs.

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
    """The key under which `reactor.context` keeps what belongs into every event."""


context.setDefault(ILogContext, {"system": "-"})


def callWithContext(ctx: Mapping[str, Any], func: Callable[P, T], /, *args: P.args, **kw: P.kwargs) -> T:
    """Call the function; every event that is logged inside has what is in `ctx`, such as a `system`."""
    return context.call({ILogContext: {**context.get(ILogContext), **ctx}}, func, *args, **kw)
