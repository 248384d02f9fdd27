"""Which lines of a listing stand out: named by number, or by what is written there; all at once, or group by group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from lecture.errors import LectureError

# Numbers of lines, or a text; or several groups of these, one after the other.
Highlight: TypeAlias = str | Sequence[int] | Sequence[Sequence[int] | str]


def groups_of(wanted: Highlight, text: str, name: str) -> list[frozenset[int]]:
    """The groups of lines to light, each as the numbers of its lines, the first is 1.

    name: what the text is called in an error.
    Raises LectureError for lines that the text doesn't have, and for numbers among groups.
    """
    if isinstance(wanted, str):
        return [_lines_with(wanted, text, name)]
    groups = [group for group in wanted if isinstance(group, list | tuple | set | frozenset | range | str)]
    if not groups:
        lines = _lines([line for line in wanted if not isinstance(line, Sequence)], text, name)
        return [lines] if lines else []
    if len(groups) < len(wanted):
        alone = next(line for line in wanted if line not in groups)
        raise LectureError(f"cannot highlight {alone!r} beside groups of lines: write ({alone!r},)")
    return [_lines_with(g, text, name) if isinstance(g, str) else _lines(g, text, name) for g in groups]


def _lines(wanted: Sequence[int], text: str, name: str) -> frozenset[int]:
    count = text.removesuffix("\n").count("\n") + 1
    for line in wanted:
        if line not in range(1, count + 1):
            raise LectureError(f"cannot highlight line {line!r} of {name}: it has lines 1 to {count}")
    return frozenset(wanted)


def _lines_with(wanted: str, text: str, name: str) -> frozenset[int]:
    lines: set[int] = set()
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        first = text.count("\n", 0, at) + 1
        lines.update(range(first, first + wanted.rstrip("\n").count("\n") + 1))
        at = text.find(wanted, at + len(wanted))
    if not lines:
        raise LectureError(f"cannot highlight {wanted!r}: it does not occur in the excerpt of {name}")
    return frozenset(lines)
