"""The same sessions in the simulated world: what they print must not depend on whose network it is.

The sessions are replayed one after the other in one process of their own (see programs/simulation), since programs
that are simulated share an interpreter. Each must print there what session.txt says, as it does on real sockets.
Sessions whose programs don't use the reactor have nothing to simulate. Of the others, those that can't be simulated
stand in one file, with the reason:

    examples/not_simulated.txt
    46_children: it starts child processes, which are the machine's

A session that stands there and does hold in the simulated world fails too: the list is kept honest from both sides.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from lecture.errors import LectureError, Where
from lecture.programs import Examples
from lecture.programs.cache import Cache
from lecture.programs.checks import Check
from lecture.programs.compare import Outcome, Result
from lecture.programs.not_simulated import EXCEPTIONS, read_exceptions, uses_the_reactor
from lecture.programs.progress import Progress
from lecture.programs.session import SessionFile, read_session
from lecture.programs.verify import difference, session_holds
from lecture.programs.wrong import check_fails

Replayed = dict[str, Outcome | LectureError]


def check_in_simulation(examples: Examples, progress: Progress) -> list[Check]:
    """Replay all sessions that use the reactor, whatever is remembered, and the exceptions too, each by itself.

    progress: is told of each. A check fails when its session doesn't hold, or holds although it is an exception.
    """
    exceptions = read_exceptions(examples.root, examples.names())
    sessions = [read_session(examples.session_path(name)) for name in examples.names()]
    sessions = [session for session in sessions if uses_the_reactor(session.path)]
    began = time.monotonic()
    outcomes = _replay([session for session in sessions if session.example not in exceptions])
    seconds = (time.monotonic() - began) / max(1, len(outcomes))
    checks = []
    for session in sessions:
        if session.example in exceptions:
            error = _exception_error(session, _replay([session]), exceptions[session.example])
        else:
            error = _error(session, outcomes[session.example])
        missing = "the real world" if session.example in exceptions and error is None else ""
        checks.append(Check(session.example, session.path, seconds, error=error, missing=missing))
        progress.session(checks[-1])
    return checks


def also_in_simulation(examples: Examples, checks: Iterable[Check]) -> list[Check]:
    """The same checks, failed where a session that held on real sockets does not in the simulated world.

    Exceptions are left alone here. What is remembered from an earlier replay is not replayed.
    """
    exceptions = read_exceptions(examples.root, examples.names())
    cache = Cache(examples.cache.folder / "simulated")
    checks = list(checks)
    held = [check for check in checks if not check.error and not check.missing and check.example not in exceptions]
    sessions = [read_session(check.path) for check in held if uses_the_reactor(check.path)]
    keys = {session.example: cache.key(session) for session in sessions}
    new = [session for session in sessions if not _holds(session, cache.load(session, keys[session.example]))]
    started_ns = time.time_ns()
    errors = {}
    for example, outcome in _replay(new).items():
        session = next(session for session in new if session.example == example)
        errors[example] = _error(session, outcome)
        if isinstance(outcome, Outcome) and errors[example] is None:
            cache.store(session, keys[example], outcome, started_ns)
    return [replace(check, error=check.error or errors.get(check.example)) for check in checks]


def _error(session: SessionFile, outcome: Outcome | LectureError) -> LectureError | None:
    """What is wrong with the outcome of a replay, if anything."""
    try:
        if isinstance(outcome, LectureError):
            raise outcome
        if not session_holds(session, outcome):
            raise difference(session, outcome, session.path.read_text(encoding="utf-8-sig"))
        check_fails(session, outcome)
        return None
    except LectureError as problem:
        error = problem
    what = error.message.partition("; if the change is meant")[0]
    hint = f"mend it, or say why in {EXCEPTIONS}: `{session.example}: …`"
    return LectureError(f"in the simulated world, {what}; {hint}", where=error.where, diff=error.diff)


def _exception_error(session: SessionFile, replayed: Replayed, said: tuple[Where, str]) -> LectureError | None:
    """The error for an exception that is none, because its session holds."""
    if not _holds(session, replayed[session.example]):
        return None
    return LectureError(f"it holds in the simulated world too: remove “{session.example}: {said[1]}”", where=said[0])


def _holds(session: SessionFile, outcome: Outcome | LectureError | None) -> bool:
    return isinstance(outcome, Outcome) and session_holds(session, outcome)


def _replay(sessions: list[SessionFile]) -> Replayed:
    """What each of these sessions does in the simulated world, or why it can't be replayed there."""
    if not sessions:
        return {}
    import subprocess  # an unchanged build has no use for it

    command = [sys.executable, "-m", "lecture.programs.simulation", *(str(session.path) for session in sessions)]
    patience_s = sum(session.deadline_s for session in sessions)
    try:
        finished = subprocess.run(command, capture_output=True, text=True, timeout=patience_s, check=False)
        said, trouble = finished.stdout, finished.stderr
    except subprocess.TimeoutExpired as slow:
        said, trouble = (slow.stdout or b"").decode(), f"it was busy for {patience_s:g} s, and was stopped"
    answers = {answer["session"]: answer for answer in map(json.loads, said.splitlines())}
    return {session.example: _outcome(session, answers.get(str(session.path)), trouble) for session in sessions}


def _outcome(session: SessionFile, answer: dict[str, object] | None, trouble: str) -> Outcome | LectureError:
    if answer is None:
        return LectureError(f"the session ended the replay: {trouble.strip()}", where=Where(session.path, 1))
    if "error" in answer:
        return LectureError(str(answer["error"]), where=Where(session.path, int(str(answer["line"]))))
    results, modules, own = (list(answer[key]) for key in ("results", "modules", "own"))  # type: ignore[call-overload]  # lists, as JSON has them
    return Outcome(tuple(Result(**result) for result in results), tuple(map(Path, modules)), tuple(own))
