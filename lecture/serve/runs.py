"""A run of a session for the speaker: the real programs on real sockets, and everybody sees what they print.

A demonstration must not fail before an audience. So when a run has shown nothing for PATIENCE_S, or can't even begin,
it is ended, and the pages are told to show what the build recorded, and to say that they do. That is not for a program
that the speaker has edited: nobody has recorded what that one does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lecture.serve.workers import Answer, Workers

PATIENCE_S = 1.9  # the speaker's deck waits for 2 seconds, and then shows the recorded run (site/src/deck/run.ts)

_NOTHING = "it printed nothing for 2 seconds"
_LAST = ("held", "error")


class Run:
    """One run. All of it is told by `announce`, as messages for the pages; `so_far` keeps them for who comes late.

    number: by which pages tell runs apart. example: its name. session: its path. edits: texts for its programs.
    """

    def __init__(
        self,
        workers: Workers,
        clock: Any,
        announce: Callable[[Answer], object],
        number: int,
        example: str,
        session: Path,
        edits: dict[str, str],
    ) -> None:
        self.is_over = False
        self.so_far: list[Answer] = []
        self._announce, self._number, self._is_edited = announce, number, bool(edits)
        self._has_shown = False
        self._tell({"what": "started", "example": example, "edited": self._is_edited})
        self._worker = workers.order({"do": "run", "session": str(session), "edits": edits}, self._hear)
        self._worker.ended.addCallback(lambda _: self._worker_ended())
        self._patience = None if edits else clock.callLater(PATIENCE_S, self._nothing_is_there)

    def stop(self, late: bool = False) -> None:
        """End it: the speaker pressed Stop, or has gone. late: or shows the recorded run; so all do."""
        if not self.is_over:
            self._finish({"what": "recorded", "why": _NOTHING} if late else {"what": "stopped"})

    def _hear(self, answer: Answer) -> None:
        if answer["what"] in ("output", "ended"):
            self._has_shown = True
            self._lose_patience()
        if answer["what"] in _LAST:
            self._finish(answer)
        else:
            self._tell(answer)

    def _nothing_is_there(self) -> None:
        self._finish({"what": "error", "message": _NOTHING})

    def _worker_ended(self) -> None:
        if not self.is_over:
            self._finish({"what": "error", "message": "the run ended without an answer: the terminal may tell why"})

    def _finish(self, last: Answer) -> None:
        self._lose_patience()
        self.is_over = True
        if last["what"] == "error" and not self._has_shown and not self._is_edited:
            last = {"what": "recorded", "why": last["message"]}
        self._tell(last)
        self._worker.stop()

    def _lose_patience(self) -> None:
        if self._patience is not None and self._patience.active():
            self._patience.cancel()

    def _tell(self, answer: Answer) -> None:
        message = {"type": "run", "run": self._number, **answer}
        self.so_far.append(message)
        self._announce(message)
