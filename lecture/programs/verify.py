"""Verifies one example: runs its session, or takes the remembered run, and holds the two against each other."""

from __future__ import annotations

import contextlib
import posixpath
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs.cache import Cache, write_atomically
from lecture.programs.compare import Outcome, command_fits, first_difference, rewrite, session_diff
from lecture.programs.excerpt import did_you_mean
from lecture.programs.files import example_files, suspicion
from lecture.programs.needs import missing
from lecture.programs.session import STILL_WAITING, Command, SessionFile, read_session
from lecture.programs.wrong import check_fails, check_wrong


@dataclass(frozen=True)
class Verified:
    """A session that held, or could not be run: `missing` says what this machine lacks for it."""

    session: SessionFile
    outcome: Outcome
    seconds: float
    cached: bool
    missing: str = ""


def verify(session_path: Path, cache: Cache | None) -> Verified:
    """Make sure that a session holds. Raises LectureError, with a diff where there is one, when it doesn't."""
    session, key = _read(session_path, cache)
    known = _remembered(session, cache, key)
    if known is not None:
        return known
    started = time.monotonic()
    outcome = _run_and_remember(session, cache, key)
    if not session_holds(session, outcome):
        raise difference(session, outcome, session_path.read_text(encoding="utf-8-sig"))
    check_fails(session, outcome)
    return Verified(session, outcome, time.monotonic() - started, cached=False)


def remembered(session_path: Path, cache: Cache | None) -> Verified | None:
    """The remembered run of a session, if there is one that still counts and holds."""
    session, key = _read(session_path, cache)
    return _remembered(session, cache, key)


def session_holds(session: SessionFile, outcome: Outcome) -> bool:
    """Whether every command did what the session says."""
    return all(map(command_fits, session.commands, outcome.results))


def _read(session_path: Path, cache: Cache | None) -> tuple[SessionFile, str]:
    """A session, and the key of what it depends on now."""
    session = read_session(session_path)
    check_wrong(session)
    check_programs_exist(session)
    return session, cache.key(session) if cache else ""


def _remembered(session: SessionFile, cache: Cache | None, key: str) -> Verified | None:
    started = time.monotonic()
    outcome = cache.load(session, key) if cache else None
    if outcome is None or not session_holds(session, outcome):
        lacking = missing(session)
        return Verified(session, Outcome((), (), ()), 0.0, cached=False, missing=lacking) if lacking else None
    check_fails(session, outcome)
    return Verified(session, outcome, time.monotonic() - started, cached=True)


def _run_and_remember(session: SessionFile, cache: Cache | None, key: str) -> Outcome:
    """Run a session now, whatever is remembered, and remember it if it held. `key`: from before the run."""
    from lecture.programs.processes.stage import run_session  # an unchanged build has no use for it

    started_ns = time.time_ns()
    outcome = run_session(session)
    if cache and session_holds(session, outcome):
        cache.store(session, key, outcome, started_ns)
    return outcome


def update(session_path: Path, cache: Cache | None) -> str:
    """Run a session and write down what it did. Returns the diff of session.txt, empty when nothing changed.

    Raises LectureError, and writes nothing, when what it did may be due to files that a rehearsal left.
    """
    session, key = _read(session_path, cache)
    outcome = _run_and_remember(session, cache, key)
    check_fails(session, outcome)
    if session_holds(session, outcome):
        return ""
    if suspicion(session.path.parent, outcome.changed):
        raise difference(session, outcome, session_path.read_text(encoding="utf-8-sig"))
    diff = session_diff(session, outcome.results, session_path.read_text(encoding="utf-8-sig"))
    write_atomically(session_path, rewrite(session, outcome.results).encode())
    return diff


def check_programs_exist(session: SessionFile) -> None:
    """Raises LectureError for a command that runs a Python file which the example doesn't have."""
    folder = session.path.parent
    files = example_files(session.path)
    for command in session.commands:
        script = script_of(command)
        if script and posixpath.normpath(script) not in files:
            names = [name for name in files if name.endswith(".py")]
            hint = suspicion(folder, ()) if (folder / script).is_file() else did_you_mean(script, names)
            raise LectureError(
                f"there is no program {script!r} in {session.example}{hint}",
                where=session.where(command),
            )


def script_of(command: Command) -> str | None:
    """The Python file that a command runs, if it runs one."""
    if not command.is_python:
        return None
    first = next((word for word in command.argv[1:] if not word.startswith("-")), "")
    return first if first.endswith(".py") else None


def difference(session: SessionFile, outcome: Outcome, text: str) -> LectureError:
    """The error for a session that did something else than it says. text: of session.txt."""
    results = outcome.results
    bad = [
        (command, result)
        for command, result in zip(session.commands, results, strict=True)
        if not command_fits(command, result)
    ]
    command, result = bad[0]
    if result.status != command.status:
        what = _wrong_end(command.status, result.status)
    else:
        what = "printed something else than the session says"
    more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
    if command.background and not _is_ended(session, command) and "interrupt" in result.output.lower():
        more += " when the Ctrl-C at the session's end reached it (to end it quietly, write `$ kill %1` for job 1)"
    suspect = suspicion(session.path.parent, outcome.changed)
    advice = suspect or f"; if the change is meant, run `lecture update {session.example}`"
    return LectureError(
        f"`{command.text}` {what}{more}{advice}",
        where=Where(session.path, first_difference(session, results)),
        diff=session_diff(session, results, text),
    )


def _wrong_end(meant: int, status: int) -> str:
    """What to say of a program that was to end otherwise."""
    if meant == STILL_WAITING:
        return f"was meant to wait for ever, but ended with status {status}"
    if status == STILL_WAITING:
        return "did not end: it waits for ever"
    if status:
        return f"ended with status {status} instead of {meant}"
    return f"was meant to end with status {meant}, but succeeded"


def _is_ended(session: SessionFile, job: Command) -> bool:
    """Whether a command of the session ends a background job, or waits for its end."""
    number = sum(command.background for command in session.commands if command.line <= job.line)
    return any(command.job == number for command in session.commands)


class Locks:
    """A lock for each name, so that two threads that want the same session run it once."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def of(self, name: str) -> contextlib.AbstractContextManager[bool]:
        """The lock for this name, to be held in a `with`."""
        with self._guard:
            return self._locks.setdefault(name, threading.Lock())
