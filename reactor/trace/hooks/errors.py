"""Tracebacks without the recorder: a program that fails while it is watched prints the same as otherwise."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any

from reactor import failure
from reactor.failure import Failure
from reactor.trace.hooks.watched import Watched
from reactor.trace.patches import Patches

_OURS = os.path.dirname(os.path.dirname(__file__)) + os.sep


def install(watched: Watched, patches: Patches) -> None:
    """Remove our frames from the tracebacks in failures."""
    ours = [os.path.join(folder, name) for folder, _, names in os.walk(_OURS) for name in names if name.endswith(".py")]
    new = set(ours) - failure.carriers
    failure.carriers.update(new)
    patches.afterwards(lambda: failure.carriers.difference_update(new))

    @patches.around(Failure, "__init__")
    def _(original: Any, one: Any, *args: Any, **kwargs: Any) -> None:
        original(one, *args, **kwargs)
        one.tb = one.value.__traceback__ = without_ours(one.value.__traceback__)


def without_ours(first: TracebackType | None) -> TracebackType | None:
    """A traceback without the frames of this package."""
    first = _theirs(first)
    here = first
    while here is not None:
        following = _theirs(here.tb_next)
        if following is not here.tb_next:
            here.tb_next = following
        here = following
    return first


def _theirs(traceback: TracebackType | None) -> TracebackType | None:
    while traceback is not None and traceback.tb_frame.f_code.co_filename.startswith(_OURS):
        traceback = traceback.tb_next
    return traceback
