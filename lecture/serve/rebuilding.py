"""Builds anew whenever a file changes that the last build depended on.

A change during a build makes that build worthless: it is ended, and the next one begins. A build that fails leaves the
site as it was; its mistakes are told, and the files that it read are watched together with those before, since what
mends it may be in either.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lecture.serve.watching import Watch
from lecture.serve.workers import Answer, Worker, Workers


class Builds:
    """The builds of a deck.

    order: for `build_once`. deck_file: is watched whatever happens.
    told: called with the answer of each build.
    """

    def __init__(
        self, clock: Any, workers: Workers, order: Answer, deck_file: str, told: Callable[[Answer], object]
    ) -> None:
        self._workers, self._order, self._told = workers, order, told
        self._worker: Worker | None = None
        self._answer: Answer | None = None
        self.watch = Watch(clock, self.begin)
        self.watch.watch([deck_file])
        self._deck_file = deck_file

    def begin(self) -> None:
        """Build now, in place of the build that runs, if one does."""
        if self._worker is not None:
            self._worker.stop()
        self._answer = None
        worker = self._worker = self._workers.order({"do": "build", **self._order}, self._hear)
        worker.ended.addCallback(lambda _: self._end(worker))

    def _hear(self, answer: Answer) -> None:
        self._answer = answer

    def _end(self, worker: Worker) -> None:
        if worker is not self._worker:  # a newer one is at work
            return
        self._worker = None
        answer = self._answer or {"errors": [_ended_early(self._deck_file)], "files": []}
        if answer["errors"]:
            self.watch.add([*answer["files"], *(error["file"] for error in answer["errors"] if error["file"])])
        else:
            self.watch.watch([self._deck_file, *answer["files"]], answer["folder"])
        self._told(answer)


def _ended_early(deck_file: str) -> Answer:
    message = "the build ended without an answer: the terminal may tell why"
    return {"message": message, "file": deck_file, "line": 1, "slide": "", "diff": ""}
