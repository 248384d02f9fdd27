"""Sets of message numbers, such as 1:5,9,20:* (RFC 3501, section 9). Kept as ranges, however many numbers they hold.

`*` is the largest number in use; it stays unknown, as None, until `last` is set. What it then means surprises once:
9:* in a mailbox of five messages is 5:9, and so has the fifth in it. The name is Twisted's.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from reactor.mail.imap4.tokens import ParseError

_ITEM = re.compile(rb"(\*|\d{1,10})(?::(\*|\d{1,10}))?\Z")
_MOST = 2**32 - 1
_UNSET: Any = object()


class IllegalIdentifierError(ParseError):
    """A set of messages that is none."""


class MessageSet:
    """A set of message numbers. start: one number, or with `end` a range; None is `*`. Or start: a list of ranges.

    ranges: pairs (low, high), sorted and apart. getnext: the number in use after another one, for iteration.
    """

    def __init__(self, start: Any = _UNSET, end: Any = _UNSET) -> None:
        self.ranges: list[tuple[Any, Any]] = []
        self.getnext: Callable[[int], int] = lambda number: number + 1
        self._last: Any = _UNSET
        if isinstance(start, list):
            self.ranges = start[:]
            self.clean()
        elif start is not _UNSET:
            self.add(start, end)

    @property
    def last(self) -> Any:
        """The largest number in use. It can be set once: raises ValueError the second time."""
        return self._last

    @last.setter
    def last(self, value: int) -> None:
        if self._last is not _UNSET:
            raise ValueError("last already set")
        self._last = value
        known = [[value if end is None else end for end in pair] for pair in self.ranges]
        self.ranges = [(min(pair), max(pair)) for pair in known]
        self.clean()

    def add(self, start: int | None, end: Any = _UNSET) -> None:
        """Add a number or a range."""
        pair = [start, start if end is _UNSET else end]
        if self._last is not _UNSET:
            pair = [self._last if each is None else each for each in pair]
        low, high = sorted(pair, key=_rank)
        self.ranges.append((low, high))
        self.clean()

    def extend(self, other: Any) -> MessageSet:
        """Add a set, a number, or a pair. Returns this set."""
        if isinstance(other, MessageSet):
            self.ranges.extend(other.ranges)
            self.clean()
        elif isinstance(other, tuple):
            self.add(*other)
        else:
            self.add(other)
        return self

    def __add__(self, other: Any) -> MessageSet:
        both = MessageSet(self.ranges)
        if not isinstance(other, MessageSet) and self._last is not _UNSET:
            both.last = self._last
        return both.extend(other)

    def clean(self) -> None:
        """Sort the ranges and join those that touch."""
        joined: list[tuple[Any, Any]] = []
        for low, high in sorted(self.ranges, key=lambda pair: (_rank(pair[0]), _rank(pair[1]))):
            if joined and _rank(low) <= _rank(joined[-1][1]) + 1:
                joined[-1] = (joined[-1][0], max(joined[-1][1], high, key=_rank))
            else:
                joined.append((low, high))
        self.ranges = joined

    def _known(self, doing: str) -> list[tuple[int, int]]:
        if self.ranges and self.ranges[-1][1] is None:
            raise TypeError(f"can't {doing} before `last` is set")
        return self.ranges

    def __contains__(self, value: int) -> bool:
        ranges = self._known("look for a number")
        place = bisect_right(ranges, (value, _MOST + 1)) - 1
        return place >= 0 and ranges[place][0] <= value <= ranges[place][1]

    def __iter__(self) -> Iterator[int]:
        return self._numbers(self._known("iterate"))

    def _numbers(self, ranges: Iterable[tuple[int, int]]) -> Iterator[int]:
        for low, high in ranges:
            number = self.getnext(low - 1)
            while number <= high:
                yield number
                number = self.getnext(number)

    def __len__(self) -> int:
        if all(low is None for low, _ in self.ranges):
            return len(self.ranges)
        return sum(high - low + 1 for low, high in self._known("count"))

    def among(self, numbers: Sequence[int]) -> list[int]:
        """Those of `numbers`, sorted, that are in the set; takes as long as the answer. `*` is the last of them."""
        whole = MessageSet(self.ranges)
        if not numbers:
            return []
        if self._last is _UNSET:
            whole.last = numbers[-1]
        found: list[int] = []
        for low, high in whole.ranges:
            found += numbers[bisect_left(numbers, low) : bisect_right(numbers, high)]
        return found

    def __str__(self) -> str:
        def word(number: int | None) -> str:
            return "*" if number is None else str(number)

        return ",".join(word(low) if low == high else f"{word(low)}:{word(high)}" for low, high in self.ranges)

    def __repr__(self) -> str:
        return f"<MessageSet {self}>"

    def __eq__(self, other: object) -> bool:
        return self.ranges == other.ranges if isinstance(other, MessageSet) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it changes


def _rank(number: int | None) -> float:
    return float("inf") if number is None else number


def set_of(numbers: Iterable[int]) -> MessageSet:
    """A set of single numbers."""
    found = MessageSet()
    low = high = -2
    for number in sorted(numbers):
        if number > high + 1:
            found.ranges.append((low, high))
            low = number
        high = number
    found.ranges = [*found.ranges[1:], (low, high)] if high >= 0 else []
    return found


def parseIdList(s: bytes, lastMessageId: int | None = None) -> MessageSet:
    """Read a set. lastMessageId: what `*` is. Raises IllegalIdentifierError for what is none: 0 is no number."""
    ranges = []
    for item in s.split(b","):
        found = _ITEM.match(item)
        ends = [None if end == b"*" else int(end) for end in (found[1], found[2] or found[1])] if found else [0]
        if not all(end is None or 0 < end <= _MOST for end in ends):
            raise IllegalIdentifierError(f"{item[:30]!r} is no message number, and no range of them")
        low, high = sorted(ends, key=_rank)
        ranges.append((low, high))
    found_set = MessageSet(ranges)
    if lastMessageId is not None:
        found_set.last = lastMessageId
    return found_set
