"""Overhearing one call of one object's method: the object is unchanged again before the call is made.

Only the object knows which method that is: a protocol may be of any class, change its methods while it runs, or be
replaced by another. So the object itself gets the replacement, until the library calls it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.trace.patches import Patches

_MISSING = object()


class Once:
    """All replacements that are still waiting for their call."""

    def __init__(self, patches: Patches) -> None:
        self._waiting: dict[_Replacement, None] = {}
        patches.afterwards(self._take_all_back)

    def overhear(self, one: Any, name: str, call: Callable[..., Any]) -> Callable[[], object]:
        """Have the next call of a method go to `call`, with the method itself in front of its arguments.

        Returns what takes that back, if it was not called. Nothing is done about objects that have no attributes.
        """
        own = getattr(one, "__dict__", None)
        method = getattr(one, name, None)
        if own is None or method is None:
            return _nothing
        replacement = _Replacement(self._waiting, own, name, method, call)
        return replacement.take_back

    def _take_all_back(self) -> None:
        for replacement in list(self._waiting):
            replacement.take_back()


class _Replacement:
    """Stands in an object's own dictionary, where it hides what the class says, until it is called or taken back."""

    def __init__(
        self, waiting: dict[_Replacement, None], own: dict[str, Any], name: str, method: Any, call: Callable[..., Any]
    ) -> None:
        self._waiting = waiting
        self._own = own
        self._name = name
        self._method = method
        self._call = call
        self._before = own.get(name, _MISSING)
        own[name] = self
        waiting[self] = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.take_back()
        return self._call(self._method, *args, **kwargs)

    def take_back(self) -> None:
        """Restore what was there. A second call does nothing."""
        self._waiting.pop(self, None)
        if self._own.get(self._name) is self:
            if self._before is _MISSING:
                del self._own[self._name]
            else:
                self._own[self._name] = self._before


def _nothing() -> None:
    """There was nothing to replace."""
