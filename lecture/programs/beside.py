"""A session in another world: the same programs with another seed, or on a network that the playground's sliders spoil.

    # beside: cut in other places: cuts=60 seed=3

So says the session at its top: words for a reader, who may look at that run beside the session's own, and what is
different. The names are those of the sliders (simulation/playing.py). What is printed there isn't held against the
session: it may well be different, and that is why one looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lecture.errors import LectureError, Where
from lecture.programs.session import SessionFile


@dataclass(frozen=True)
class Beside:
    """Another world for a session. words: what readers are told of it."""

    words: str
    seed: int
    sliders: Mapping[str, float]
    where: Where


def besides(session: SessionFile) -> list[Beside]:
    """The other worlds of a session, in their order. Raises LectureError, with the line, for one that can't be read."""
    found = [_beside(value, Where(session.path, line)) for line, value in session.beside]
    for one in found:
        if [other.words for other in found].count(one.words) > 1:
            raise LectureError(
                f"two runs beside the session are called {one.words!r}: give each its words", where=one.where
            )
    return found


def _beside(value: str, where: Where) -> Beside:
    words, _, settings = value.rpartition(":")
    pairs = [setting.partition("=") for setting in settings.split()]
    try:
        numbers = {name: float(number) for name, _, number in pairs}
    except ValueError:
        numbers = {}
    seed = numbers.pop("seed", 0.0)
    if (
        not words.strip()
        or len(pairs) != len(numbers) + any(name == "seed" for name, *_ in pairs)
        or seed % 1
        or seed < 0
    ):
        raise LectureError(
            f"cannot understand {value!r}: write `# beside: words for the reader: cuts=60 seed=3`", where=where
        )
    return Beside(words.strip(), int(seed), numbers, where)
