"""What a call, and all that it calls, can know without being told by argument: which system speaks in the log.

A context is a dictionary. `call` runs a function in one; whoever runs inside asks with `get`. Each thread has its own,
and work that is given to a thread pool takes along the one where it was asked for.
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
    """What the innermost `call` around us says of `key`; else what `setDefault` said, else `default`."""
    found = _current.get()
    return found[key] if key in found else _defaults.get(key, default)


def call(ctx: Mapping[Any, Any], func: Callable[P, T], /, *args: P.args, **kw: P.kwargs) -> T:
    """Call the function where `get` also knows what is in `ctx`. Returns and raises what it does."""
    token = _current.set({**_current.get(), **ctx})
    try:
        return func(*args, **kw)
    finally:
        _current.reset(token)


def setDefault(key: Any, value: Any) -> None:
    """What `get` is to answer where no `call` says otherwise."""
    _defaults[key] = value
