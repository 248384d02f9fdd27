"""Replacing methods by other functions for a while.

`restore` promises that afterwards every class has the very object that it had before, so that what is not
watched any more costs what it did before.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

Around = Callable[..., Any]


class Patches:
    """The changes, and what was there before each."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] = []

    def around(self, owner: Any, name: str) -> Callable[[Around], Around]:
        """Decorator: call the function in place of the method, with the old method as its first argument."""

        def put(replacement: Around) -> Around:
            original = getattr(owner, name)

            @functools.wraps(original)
            def method(*args: Any, **kwargs: Any) -> Any:
                return replacement(original, *args, **kwargs)

            self.put(owner, name, method)
            return replacement

        return put

    def put(self, owner: Any, name: str, value: Any) -> None:
        """Let this be the attribute of a class, a module or an object until `restore`."""
        if name in vars(owner):
            before = vars(owner)[name]  # getattr would give something bound, not the very object
            self._undo.append(lambda: setattr(owner, name, before))
        else:
            self._undo.append(lambda: delattr(owner, name))
        setattr(owner, name, value)

    def afterwards(self, action: Callable[[], object]) -> None:
        """Add something else to undo."""
        self._undo.append(action)

    def restore(self) -> None:
        """Undo all changes, the last one first."""
        while self._undo:
            self._undo.pop()()
