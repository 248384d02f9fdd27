"""Objects of a jelly that are referred to before they are complete: cycles, and references that come first.

What stands for such an object knows its holders, and tells them when it is there. A peer chooses how long the chains
are, and who holds whom: so nothing here recurses, and nothing costs more than the length of what came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


class NotKnown:
    """Stands for an object that is referred to and isn't complete yet. Those that hold it are told when it is."""

    is_known = False
    value: Any = None

    def __init__(self) -> None:
        self.holders: list[tuple[Any, Any]] = []

    def become(self, value: Any) -> None:
        """This is the object; or another that stands for it."""
        waiting = [(self, value)]  # no recursion: chains are as long as peers like
        while waiting:
            one, value = waiting.pop()
            if value is not one:  # else it refers to itself, and to nothing else: it is never known
                waiting += one._tell(value)

    def _tell(self, value: Any) -> Iterable[tuple[NotKnown, Any]]:
        """Tell the holders. Returns those that are complete now, and what they become."""
        self.is_known, self.value = True, value
        if isinstance(value, NotKnown):  # the shorter list goes into the longer one, or chains would cost their square
            short, long = sorted((self.holders, value.holders), key=len)
            long += short
            self.holders, value.holders = [], long
            return
        for container, key in self.holders:
            container[key] = value
            if isinstance(container, Incomplete) and container.is_complete():
                yield container, container.make()


class Incomplete(NotKnown):
    """Items that aren't all known: a tuple or set, or a pair of a dictionary, that is made when they are."""

    def __init__(self, items: list[Any], make: Callable[[list[Any]], Any]) -> None:
        super().__init__()
        self._items, self._make = items, make
        self._missing = hold(self, enumerate(items))

    def __setitem__(self, place: int, item: Any) -> None:
        self._items[place] = item
        self._missing -= 1

    def is_complete(self) -> bool:
        """Whether all items are known."""
        return self._missing == 0

    def make(self) -> Any:
        """What the items make."""
        return self._make(self._items)


def latest(value: Any) -> Any:
    """What a value has become; itself, if it is known, or not known yet."""
    passed = []
    while isinstance(value, NotKnown) and value.is_known:
        passed.append(value)
        value = value.value
    for one in passed:  # the next way is short, or a chain of references would cost its square
        one.value = value
    return value


def hold(container: Any, items: Iterable[Any]) -> int:
    """Have a container told of those of its items that aren't known. Returns how many these are."""
    unknown = [(key, item) for key, item in items if isinstance(item, NotKnown)]
    for key, item in unknown:
        item.holders.append((container, key))
    return len(unknown)
