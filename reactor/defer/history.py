"""Which line made a Deferred, and which fired it. Kept in debug mode only: looking at the stack is slow.

`REACTOR_DEBUG=1` in the environment turns debug mode on from the start, `setDebugging(True)` for Deferreds made later.
Python then also keeps the lines that make coroutines, and names them when a coroutine was never awaited.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from reactor import failure

is_kept = False

_OURS = os.path.dirname(__file__)
_LINES_OF_A_COROUTINE = 5  # how much of the stack that made it, from the inside out


def setDebugging(on: bool) -> None:
    """Turn debug mode on or off: errors then name the lines that made and fired a Deferred, or made a coroutine."""
    global is_kept
    is_kept = bool(on)
    sys.set_coroutine_origin_tracking_depth(_LINES_OF_A_COROUTINE if is_kept else 0)


def getDebugging() -> bool:
    """Whether debug mode is on."""
    return is_kept


class History:
    """The line that made a Deferred, and the line that fired it."""

    fired: str | None = None

    def __init__(self) -> None:
        self.created = _line()

    def note_fired(self) -> None:
        """Keep the line that fires the Deferred now."""
        self.fired = _line()

    def __str__(self) -> str:
        return f"created at {self.created}" + (f" and fired at {self.fired}" if self.fired else "")


def _line() -> str:
    """The innermost line on the stack that is not of this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and _only_passes_on(frame.f_code.co_filename):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_name}"


def _only_passes_on(file: str) -> bool:
    return os.path.dirname(file) == _OURS or file in failure.carriers


def second_result(deferred: Any, result: object) -> str:
    """The message of AlreadyCalledError."""
    made = deferred._history
    story = f"it was {made}" if made else "REACTOR_DEBUG=1 shows which line fired it first"
    return f"{deferred!r} has had its one result, and now came {result!r}: fire a Deferred once; {story}"


if os.environ.get("REACTOR_DEBUG", "") not in ("", "0"):
    setDebugging(True)
