"""Steps: what of a slide is there at once, and what comes when the speaker goes on.

A slide that is drawn to be read shows everything. One that is drawn to be presented is drawn while a `Steps` counts:
each piece says from which step on it is there (`data-from`), and a line of code at which steps it is lit (`data-lit`).
Steps are numbered from 1, the one that a speaker finds on entering the slide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_TAG = re.compile(r"\s*<[A-Za-z][\w-]*")


class Steps:
    """Counts the steps of one slide while it is drawn.

    here: the step at which appears what is drawn now.
    asides: what belongs to the slide and isn't shown on it, each with the step at which it was passed.
    """

    def __init__(self) -> None:
        self.here = 1
        self.asides: list[tuple[int, object]] = []
        self._taken = 0
        self._turned = 1
        self._around = 1

    def turn(self, after_all: bool = False) -> int:
        """The step at which something takes the place of what stood there: after all that this did by itself.

        after_all: after everything else on the slide, too.
        """
        first = max(self.here, self._taken + 1, self._turned + 1)
        self._turned = self.last + 1 if after_all else first
        self._taken = self._turned - 1
        return self._turned

    @contextmanager
    def at_least(self, step: int) -> Iterator[None]:
        """While this runs, what is drawn stands in something that is there from this step on."""
        here, around = self.here, self._around
        self.here, self._around = max(here, step), step
        try:
            yield
        finally:
            self.here, self._around = here, around

    @contextmanager
    def inside(self) -> Iterator[tuple[int, int]]:
        """While this runs, the inside of something is drawn: the steps at which appear what it stands in, and it."""
        around, self._around = self._around, self.here
        try:
            yield around, self._around
        finally:
            self._around = around

    @property
    def last(self) -> int:
        """The last step of what was drawn so far: the slide's number of steps, when that is all."""
        return max(self.here, self._taken, self._turned)

    def go_on(self) -> None:
        """What is drawn from now on appears after all that was drawn so far."""
        self.here = self.last + 1

    def take(self, count: int) -> range:
        """The steps of something that takes so many, one after the other; the first is the one at which it appears,
        unless something drawn before it moves then."""
        first = max(self.here, self._taken + 1)
        self._taken = first + count - 1
        return range(first, first + count)


_counting: ContextVar[Steps | None] = ContextVar("counting", default=None)


def counting() -> Steps | None:
    """What counts the steps of the slide that is being drawn; None when it is drawn to be read."""
    return _counting.get()


@contextmanager
def counted(steps: Steps) -> Iterator[Steps]:
    """While this runs, what is drawn has steps, which `steps` counts."""
    token = _counting.set(steps)
    try:
        yield steps
    finally:
        _counting.reset(token)


def appearing(markup: str, step: int, in_sentence: bool = False) -> str:
    """The markup of one thing that is there from this step on. in_sentence: of words, and not of one element."""
    if step <= 1 or not markup.strip():
        return markup
    tag = _TAG.match(markup)
    if tag is None or in_sentence:
        return f'<span data-from="{step}">{markup}</span>'
    return f'{tag.group()} data-from="{step}"{markup[tag.end() :]}'
