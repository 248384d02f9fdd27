"""Names the line that holds the notebook's loop.

A thread asks the loop for a sign of life. If none comes within a second, it looks where the loop's own thread is, and
says so, once for each time that the loop stands still. It names the innermost line that is the student's: of a cell, of
a module without a package, or of a program in a simulated world. Not of a magic: `%%session` waits for processes, and
says itself what they do.
"""

from __future__ import annotations

import asyncio
import linecache
import os
import sys
import sysconfig
import threading
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

PATIENCE_S = 1.0
PAUSE_S = 0.25  # from one sign of life to the next question
_LIBRARIES = tuple(os.path.realpath(sysconfig.get_paths()[name]) + os.sep for name in ("stdlib", "purelib", "platlib"))
_MAGICS = ("run_cell_magic", "run_line_magic", "_run_line_magic")


class Watcher:
    """Watches a loop, which runs in the thread that makes this, until `stop()`. shell: whose cells they are."""

    def __init__(self, loop: asyncio.AbstractEventLoop, shell: InteractiveShell) -> None:
        self._loop = loop
        self._shell = shell
        self._thread_id = threading.get_ident()
        self._stderr = sys.stderr  # the notebook's: a simulated program has another one
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="reactor.notebook", daemon=True).start()

    def stop(self) -> None:
        """Stop watching, at the next opportunity."""
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(PAUSE_S):
            alive = threading.Event()
            try:
                self._loop.call_soon_threadsafe(alive.set)
            except RuntimeError:  # it is closed
                return
            if not alive.wait(PATIENCE_S):
                self._report(sys._current_frames().get(self._thread_id))
                alive.wait()

    def _report(self, innermost: FrameType | None) -> None:
        frame = students_frame(innermost)
        if frame is None:
            return
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
        print(
            f"{self._place(frame)} has held the loop for more than a second{f': {line}' if line else ''}\n"
            "Until it returns, no connection and no timer is served. To wait: `await`, reactor.callLater; for work "
            "that takes long: threads.deferToThread. The notebook's Interrupt ends it.",
            file=self._stderr,
            flush=True,
        )

    def _place(self, frame: FrameType) -> str:
        name = self._shell.compile.format_code_name(frame.f_code.co_filename)
        where = name[1] if name else os.path.basename(frame.f_code.co_filename)
        return f"{where}, line {frame.f_lineno},"


def students_frame(frame: FrameType | None) -> FrameType | None:
    """The innermost frame of a stack that is the student's own; None if there is none, or a magic works for it."""
    while frame is not None:
        if frame.f_code.co_name in _MAGICS:
            return None
        packaged = frame.f_globals.get("__package__") or frame.f_globals.get("__name__", "").startswith("_frozen")
        if not packaged and not os.path.realpath(frame.f_code.co_filename).startswith(_LIBRARIES):
            return frame
        frame = frame.f_back
    return None
