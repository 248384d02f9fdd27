"""The context of a call: keys that every event has that is logged while the call runs.

    log.callWithContext({"system": "mail"}, deliver, letter)      # what `deliver` logs has this system

The program's log (`log/program.py`) asks `context.get(ILogContext)` when it makes an event. Where that has no system,
it is the connection or port that the loop serves at the moment, as its `logPrefix()` calls it. The loop only notes
which one that is; nobody is asked for a name, and no context entered, unless something is logged.
"""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from reactor import context

P = ParamSpec("P")
T = TypeVar("T")


class ILogContext:
    """The key under which `reactor.context` keeps the keys of every event."""


context.setDefault(ILogContext, {"system": "-"})


turning: dict[int | None, Any] = {}
"""By the number of its thread, the loop that turns there. Its `served` is the connection or port that it serves now.

A loop enters itself when its poller returns: a simulated one lets other loops of the thread turn meanwhile."""


def system() -> str:
    """What the log calls that which this thread's loop serves now; "-" for nothing, and for what has no name."""
    loop = turning.get(get_ident())
    if loop is None or not hasattr(loop.served, "logPrefix"):
        return "-"
    served, loop.served = loop.served, None  # its logPrefix may log, too
    try:
        return str(served.logPrefix())
    except Exception:
        return "(buggy logPrefix method)"
    finally:
        loop.served = served


def prefix_of(program: Any) -> str:
    """What the log calls a factory or a protocol: what it says itself, or its class."""
    try:
        return str(program.logPrefix()) if hasattr(program, "logPrefix") else type(program).__name__
    except Exception:
        return "(buggy logPrefix method)"


def callWithContext(ctx: Mapping[str, Any], func: Callable[P, T], /, *args: P.args, **kw: P.kwargs) -> T:
    """Call the function; every event that is logged inside has the keys of `ctx`, such as a `system`."""
    return context.call({ILogContext: {**context.get(ILogContext), **ctx}}, func, *args, **kw)
