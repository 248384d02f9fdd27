"""Files that go with the pages of a site: pictures, timelines.

The build of a site learns from `collecting` which files its pages need. Outside of it an element still gives the
right markup, and `attach` returns False because no page will find the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_collected: ContextVar[dict[str, bytes | Path] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting() -> Iterator[dict[str, bytes | Path]]:
    """While this runs, note every file that pages need: its name in the site, and its content, or the file to copy."""
    collected: dict[str, bytes | Path] = {}
    token = _collected.set(collected)
    try:
        yield collected
    finally:
        _collected.reset(token)


def attach(name: str, content: bytes | Path) -> bool:
    """Put a file into the site that is being written. Returns False when no site is.

    name: where pages find it, relative to themselves. content: or the file to copy.
    """
    collected = _collected.get()
    if collected is None:
        return False
    collected[name] = content
    return True


def is_collecting() -> bool:
    """Whether a site is being written: otherwise no page would find what one attaches."""
    return _collected.get() is not None
