"""A worker's order to run a session, and to tell of it while it runs, line by line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lecture.errors import LectureError
from lecture.programs.files import copy_files, example_files
from lecture.programs.processes.job import Job
from lecture.programs.processes.scratch import Scratch
from lecture.programs.processes.stage import Processes, run_session
from lecture.programs.session import SessionFile, read_session
from lecture.programs.temporary import temporary_folder
from lecture.programs.verify import session_holds
from lecture.serve.worker import Tell

MOST_SHOWN_BYTES = 64 * 1024  # of what one command prints. A screen has 2,000, and every one of the audience gets it


def run(order: dict[str, Any], tell: Tell) -> None:
    """Run a session.

    order: session, its path; edits, texts for some of its programs, by name.
    The answers, in order: `typed` for every command; `output` with whole lines, or the rest at the end; `cut` when a
    command prints more than is shown; `ended` with a status; last `held`, whether the session did what it says; or
    `error`, what is wrong. Commands are told by their `place` among all.
    """
    try:
        with _edited(Path(order["session"]), order["edits"]) as path:
            session = read_session(path)
            outcome = run_session(session, lambda session, scratch: Followed(session, scratch, tell))
            tell({"what": "held", "held": session_holds(session, outcome)})
    except LectureError as error:
        tell({"what": "error", "message": error.message})


@contextlib.contextmanager
def _edited(session: Path, edits: dict[str, str]) -> Iterator[Path]:
    """The session, or its copy in a copy of its example, with other texts in the programs."""
    if not edits:
        yield session
        return
    with temporary_folder("edited") as root:
        copy = root / "examples" / session.parent.name
        copy_files(example_files(session), copy)
        for name, text in edits.items():
            (copy / name).write_text(text, encoding="utf-8")
        yield copy / session.name


class Followed(Processes):
    """The stage of real processes, which tells what happens on it."""

    def __init__(self, session: SessionFile, scratch: Scratch, tell: Tell) -> None:
        super().__init__(session, scratch)
        self._tell = tell
        self._told_bytes: dict[int, int] = {}
        self._told_end: set[int] = set()

    def typed(self, place: int) -> None:
        """Tell of a command."""
        self._tell({"what": "typed", "place": place})

    def printed(self, job: Job) -> None:
        """Tell what has come since, as far as its lines are whole."""
        told = self._told_bytes.get(job.place, 0)
        end = len(job.printed) if job.has_ended else job.printed.rfind(b"\n") + 1
        if end > told:
            self._told_bytes[job.place] = end
            self._output_came(job, told, end)
        if job.has_ended and job.place not in self._told_end:
            self._told_end.add(job.place)
            self._tell({"what": "ended", "place": job.place, "status": job.status})

    def _output_came(self, job: Job, told: int, end: int) -> None:
        shown = job.printed[told : min(end, MOST_SHOWN_BYTES)]
        if shown:
            self._tell({"what": "output", "place": job.place, "text": self.as_shown(shown)})
        if told <= MOST_SHOWN_BYTES < end:
            self._tell({"what": "cut", "place": job.place})
