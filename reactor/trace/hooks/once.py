"""One call of one object's method, overheard: the object is its old self again before the call is made.

Which method that is, only the object knows: a protocol may be of any class, change its methods while it runs, or be
replaced by another. So it is the object that gets the replacement, for as long as it takes the library to call it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reactor.trace.patches import Patches

_MISSING = object()


class Once:
    """All replacements that wait for their call."""

    def __init__(self, patches: Patches) -> None:
        self._waiting: dict[int, Callable[[], object]] = {}
        self._count = 0
        patches.afterwards(self._take_all_back)

    def overhear(self, one: Any, name: str, call: Callable[..., Any]) -> Callable[[], object]:
        """Have the next call of a method go to `call`, with the method itself in front of its arguments.

        Returns what takes that back, if it was not called. Nothing is done about objects that have no attributes.
        """
        own = getattr(one, "__dict__", None)
        method = getattr(one, name, None)
        if own is None or method is None:
            return _nothing
        before = own.get(name, _MISSING)
        self._count += 1
        number = self._count

        def instead(*args: Any, **kwargs: Any) -> Any:
            take_back()
            return call(method, *args, **kwargs)

        def take_back() -> None:
            self._waiting.pop(number, None)
            if own.get(name) is instead:
                if before is _MISSING:
                    del own[name]
                else:
                    own[name] = before

        own[name] = instead
        self._waiting[number] = take_back
        return take_back

    def _take_all_back(self) -> None:
        for take_back in list(self._waiting.values()):
            take_back()


def _nothing() -> None:
    """There was nothing to replace."""
