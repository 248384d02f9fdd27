"""Names the line that holds the notebook's loop.

A thread asks the loop for a sign of life. If none comes within a second, it says where the loop's own thread is, once
for each time that the loop stands still. It has looked twice by then: a call of the student's that runs at both times
holds the loop, and the innermost of these is named. The student's are cells, modules without a package, and programs in
a simulated world. Not named is what only works for long: a magic such as `%%session`, which waits for
processes, and the loop of a simulated program.
"""

from __future__ import annotations

import asyncio
import linecache
import os
import sys
import sysconfig
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

PATIENCE_S = 1.0
PAUSE_S = 0.25  # from one sign of life to the next question
_LIBRARIES = tuple(os.path.realpath(sysconfig.get_paths()[name]) + os.sep for name in ("stdlib", "purelib", "platlib"))
_LOOPS = ("reactor.core", "reactor.sim")
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
            if alive.wait(PATIENCE_S / 2):
                continue
            earlier = self._calls()
            if alive.wait(PATIENCE_S / 2):
                continue
            for frame in [frame for frame in self._calls() if frame in earlier][:1]:
                self._report(frame)
            alive.wait()

    def _calls(self) -> list[FrameType]:
        return list(students_calls(sys._current_frames().get(self._thread_id)))

    def _report(self, frame: FrameType) -> None:
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


def students_calls(frame: FrameType | None) -> Iterator[FrameType]:
    """The student's own calls, from the innermost on, down to a magic or a loop that runs them."""
    while frame is not None:
        package = frame.f_globals.get("__package__") or ""
        if frame.f_code.co_name in _MAGICS or package.startswith(_LOOPS):
            return
        file = frame.f_code.co_filename
        if not package and not file.startswith("<frozen ") and not os.path.realpath(file).startswith(_LIBRARIES):
            yield frame
        frame = frame.f_back
