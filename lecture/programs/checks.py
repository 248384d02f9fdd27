"""Verifies the sessions of all examples, several at the same time.

Remembered sessions are looked up one after the other (it takes a millisecond each); the rest run in as many threads as
asked for, each of which only waits for processes.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lecture.errors import LectureError
from lecture.programs.examples import Examples
from lecture.programs.layout import session_path


@dataclass(frozen=True)
class Check:
    """A session that was looked at: it held, or `error` says why not, or it was not run for what is `missing`."""

    example: str
    path: Path
    seconds: float
    cached: bool = False
    error: LectureError | None = None
    missing: str = ""

    @property
    def verdict(self) -> str:
        """The word for it in the progress of a build."""
        if self.error:
            return "FAILED"
        return "not run" if self.missing else "cached" if self.cached else "ok"


def check_sessions(
    examples: Examples,
    jobs: int,
    on_begin: Callable[[int], None] = lambda count: None,
    on_check: Callable[[Check], None] = lambda check: None,
) -> list[Check]:
    """Verify the sessions of all examples that have one, in order of their names.

    jobs: how many run at the same time.
    on_begin: told how many have to run; on_check: told of every session when it is done.
    """
    names = [name for name in examples.names() if session_path(examples.root, name).is_file()]
    checks: dict[str, Check] = {}
    for name in names:
        check = _check(examples, name, only_remembered=True)
        if check is not None:
            checks[name] = check
            on_check(check)
    rest = [name for name in names if name not in checks]
    on_begin(len(rest))
    for check in _in_threads(lambda name: _check(examples, name), rest, jobs):
        checks[check.example] = check
        on_check(check)
    return [checks[name] for name in names]


def _check(examples: Examples, name: str, only_remembered: bool = False) -> Check | None:
    path = session_path(examples.root, name)
    started = time.monotonic()
    try:
        verified = examples.remembered(name) if only_remembered else examples.verify(name)
    except LectureError as error:
        return Check(name, path, time.monotonic() - started, error=error)
    return Check(name, path, verified.seconds, verified.cached, missing=verified.missing) if verified else None


def _in_threads(work: Callable[[str], Check | None], names: list[str], jobs: int) -> Iterator[Check]:
    """The checks of all names as they get done. An interruption ends the sessions that run, and then goes on up."""
    if not names:
        return
    from lecture.programs.processes.stage import Stopped, stop_all

    waiting = list(reversed(names))
    done: queue.SimpleQueue[Check | BaseException | None] = queue.SimpleQueue()

    def worker() -> None:
        while waiting:
            try:
                done.put(work(waiting.pop()))
            except (IndexError, Stopped):
                return
            except BaseException as error:
                done.put(error)
                return

    threads = [threading.Thread(target=worker) for _ in range(min(jobs, len(names)))]
    try:
        for thread in threads:
            thread.start()
        for _ in names:
            check = done.get()
            if isinstance(check, BaseException):
                raise check
            if check is not None:
                yield check
    finally:
        waiting.clear()
        stop_all(thread for thread in threads if thread.ident)
