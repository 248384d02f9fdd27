"""Tells when one of some files changes. It looks at all of them again and again: sizes and times of change.

Systems have better ways, each another one, and each with its own trouble (network folders, editors that replace the
file). A look at 300 files takes a millisecond.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from reactor.task import LoopingCall

EVERY_S = 0.1

_State = tuple[int, int, int]


class Watch:
    """Watches from `start` to `stop`.

    changed: called after a look that found something changed, or new, or gone.
    """

    def __init__(self, clock: Any, changed: Callable[[], object]) -> None:
        self._changed = changed
        self._files: frozenset[str] = frozenset()
        self._folder = ""
        self._seen: dict[str, _State | None] = {}
        self._looking = LoopingCall(self.look)
        self._looking.clock = clock

    def start(self) -> None:
        """Look every EVERY_S seconds."""
        self._looking.start(EVERY_S, now=False)

    def stop(self) -> None:
        """Look no more."""
        if self._looking.running:
            self._looking.stop()

    def watch(self, files: Iterable[str], folder: str = "") -> None:
        """Watch these files, and every file below the folder, instead of the ones before.

        A file that was watched already is compared with what it was at the last look.
        """
        self._files, self._folder = frozenset(files), folder
        self._seen = {name: self._seen.get(name, state) for name, state in self._states().items()}

    def add(self, files: Iterable[str]) -> None:
        """Watch these too."""
        self.watch(self._files.union(files), self._folder)

    def look(self) -> None:
        """Look now."""
        seen, self._seen = self._seen, self._states()
        if seen != self._seen:
            self._changed()

    def _states(self) -> dict[str, _State | None]:
        return {name: _state(name) for name in (*self._files, *_below(self._folder))}


def _state(name: str) -> _State | None:
    try:
        facts = os.stat(name)
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns, facts.st_ino


def _below(folder: str) -> Iterable[str]:
    for place, folders, files in os.walk(folder) if folder else ():
        folders[:] = [name for name in folders if name[0] != "." and name != "__pycache__"]
        yield from (os.path.join(place, name) for name in files if name[0] != ".")
