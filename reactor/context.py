"""Values that a call, and all that it calls, can look up without an argument: which system a log message is from.

A context is a dictionary. `call` runs a function in one; code inside it asks with `get`. Each thread has its own,
and work for a thread pool takes along the context in which it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

__all__ = ["call", "get", "setDefault"]

P = ParamSpec("P")
T = TypeVar("T")

_current: ContextVar[Mapping[Any, Any]] = ContextVar("reactor.context", default=MappingProxyType({}))
_defaults: dict[Any, Any] = {}


def get(key: Any, default: Any = None) -> Any:
    """The value of `key` in the innermost `call` around us; else that of `setDefault`, else `default`."""
    found = _current.get()
    return found[key] if key in found else _defaults.get(key, default)


def call(ctx: Mapping[Any, Any], func: Callable[P, T], /, *args: P.args, **kw: P.kwargs) -> T:
    """Call the function; inside it `get` also finds what is in `ctx`. Returns and raises what the function does."""
    token = _current.set({**_current.get(), **ctx})
    try:
        return func(*args, **kw)
    finally:
        _current.reset(token)


def setDefault(key: Any, value: Any) -> None:
    """Set what `get` returns where no `call` has set the key."""
    _defaults[key] = value
