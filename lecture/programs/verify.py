"""Verifies one example: runs its session, or takes the remembered run, and holds the two against each other."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs.cache import Cache, write_atomically
from lecture.programs.compare import Outcome, Result, command_fits, first_difference, rewrite, session_diff
from lecture.programs.excerpt import did_you_mean
from lecture.programs.needs import missing
from lecture.programs.session import Command, Session, read_session


@dataclass(frozen=True)
class Verified:
    """A session that held, or could not be run: `missing` says what this machine lacks for it."""

    session: Session
    outcome: Outcome
    seconds: float
    cached: bool
    missing: str = ""


def verify(session_path: Path, cache: Cache | None) -> Verified:
    """Make sure that a session holds. Raises LectureError, with a diff where there is one, when it doesn't."""
    started = time.monotonic()
    verified = remembered(session_path, cache)
    if verified is not None:
        return verified
    session = read_session(session_path)
    text = session_path.read_text(encoding="utf-8")
    outcome = run_and_remember(session, cache)
    if not all(map(command_fits, session.commands, outcome.results)):
        raise difference(session, outcome.results, text)
    return Verified(session, outcome, time.monotonic() - started, cached=False)


def remembered(session_path: Path, cache: Cache | None) -> Verified | None:
    """The remembered run of a session, if there is one that still counts and holds."""
    started = time.monotonic()
    session = read_session(session_path)
    check_programs_exist(session)
    outcome = cache.load(session) if cache else None
    if outcome is None or not all(map(command_fits, session.commands, outcome.results)):
        lacking = missing(session)
        return Verified(session, Outcome((), (), ()), 0.0, cached=False, missing=lacking) if lacking else None
    return Verified(session, outcome, time.monotonic() - started, cached=True)


def run_and_remember(session: Session, cache: Cache | None) -> Outcome:
    """Run a session now, whatever is remembered, and remember it if it held."""
    from lecture.programs.processes.stage import run_session  # an unchanged build has no use for it

    check_programs_exist(session)
    started_ns = time.time_ns()
    key = cache.key(session) if cache else ""
    outcome = run_session(session)
    if cache and all(map(command_fits, session.commands, outcome.results)):
        cache.store(session, key, outcome, started_ns)
    return outcome


def update(session_path: Path, cache: Cache | None) -> str:
    """Run a session and write down what it did. Returns the diff of session.txt, empty when nothing changed."""
    session = read_session(session_path)
    text = session_path.read_text(encoding="utf-8")
    outcome = run_and_remember(session, cache)
    if all(map(command_fits, session.commands, outcome.results)):
        return ""
    diff = session_diff(session, outcome.results, text)
    write_atomically(session_path, rewrite(session, outcome.results).encode())
    return diff


def check_programs_exist(session: Session) -> None:
    """Raises LectureError for a command that runs a Python file which the example doesn't have."""
    folder = session.path.parent
    for command in session.commands:
        script = script_of(command)
        if script and not (folder / script).is_file():
            names = sorted(path.name for path in folder.glob("*.py"))
            raise LectureError(
                f"there is no program {script!r} in {folder.name}{did_you_mean(script, names)}",
                where=Where(session.path, command.line),
            )


def script_of(command: Command) -> str | None:
    """The Python file that a command runs, if it runs one."""
    if not command.is_python:
        return None
    first = next((word for word in command.argv[1:] if not word.startswith("-")), "")
    return first if first.endswith(".py") else None


def difference(session: Session, results: tuple[Result, ...], text: str) -> LectureError:
    """The error for a session that did something else than it says."""
    bad = [
        (command, result)
        for command, result in zip(session.commands, results, strict=True)
        if not command_fits(command, result)
    ]
    command, result = bad[0]
    if result.status == 0 and command.status:
        what = f"was meant to end with status {command.status}, but succeeded"
    elif result.status != command.status:
        what = f"ended with status {result.status} instead of {command.status}"
    else:
        what = "printed something else than the session says"
    more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
    return LectureError(
        f"`{command.text}` {what}{more}; if the change is meant, run `lecture update {session.example}`",
        where=Where(session.path, first_difference(session, results)),
        diff=session_diff(session, results, text),
    )


class Locks:
    """A lock for each name, so that two threads that want the same session run it once."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def of(self, name: str) -> contextlib.AbstractContextManager[bool]:
        """The lock for this name, to be held in a `with`."""
        with self._guard:
            return self._locks.setdefault(name, threading.Lock())
