"""Group commit: what changes in one turn of the loop is one transaction, which SQLite syncs to the disk once.

A sync takes milliseconds, and a change of ours microseconds: if each article had its own, a server that is fed would do
little else. So a change is made at once, is safe a turn later, and tells so by its Deferred. Who reads commits first:
nobody is shown what a crash could still take back.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from reactor.default import the_reactor
from reactor.defer import Deferred
from reactor.failure import Failure

T = TypeVar("T")
_LOCKED_S = 1.0  # how long to wait for another process that writes


class GroupCommit:
    """A database of SQLite. path: a file, made if it isn't there, or ":memory:". tables: SQL that makes what it lacks.

    reactor: for the end of a turn; the program's unless given. Trouble with SQLite or the disk is OSError.
    """

    def __init__(self, path: Path | str, tables: str, reactor: Any = None) -> None:
        self._path, self._tables, self._reactor = path, tables, reactor
        self._unsafe: list[tuple[Deferred[Any], Any]] = []  # changes in the transaction that is open; their results
        self._ended: list[tuple[Deferred[Any], Any]] = []  # those whose outcome is known, and hasn't been told

    @cached_property
    def _db(self) -> sqlite3.Connection:
        """Opened at the first use: SQLite's files must not be open when a daemon forks."""
        db = sqlite3.connect(self._path, timeout=_LOCKED_S, isolation_level=None)
        db.executescript(self._tables)
        return db

    def change(self, make: Callable[..., T], *arguments: Any) -> Deferred[T]:
        """Have `make(execute, *arguments)` change something. Returns a Deferred of its result, for when it is safe.

        Raises what `make` raises. All changes of this turn are taken back then, and their Deferreds fail with OSError,
        as they do when the disk is full: so let it raise before it has changed anything, if it can.
        """
        with _as_os_errors():
            if not self._unsafe:
                self._db.execute("BEGIN IMMEDIATE")
                the_reactor(self._reactor).callLater(0, self._turn_ends)
            try:
                result = make(self._db.execute, *arguments)
            except BaseException as problem:
                self._take_back(problem)
                raise
        safe: Deferred[T] = Deferred()
        self._unsafe.append((safe, result))
        return safe

    def commit(self) -> None:
        """Make safe what has changed."""
        if not self._unsafe:
            return
        try:
            with _as_os_errors():
                self._db.execute("COMMIT")
        except OSError as problem:
            self._take_back(problem)
        else:
            self._ended += self._unsafe
            self._unsafe = []

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query finds, of what is safe."""
        self.commit()
        return self.unsafe_rows(query, *values)

    def unsafe_rows(self, query: str, *values: Any) -> list[Any]:
        """The same, of all that has changed."""
        with _as_os_errors():
            return self._db.execute(query, values).fetchall()

    def close(self) -> None:
        """Make safe what has changed, and close the file."""
        self._turn_ends()
        self._db.close()

    def _take_back(self, problem: BaseException) -> None:
        with contextlib.suppress(sqlite3.Error):  # SQLite may have done it already, as on a full disk
            self._db.execute("ROLLBACK")
        lost = Failure(OSError(f"the changes of this turn are taken back: {problem}"))
        self._ended += [(change, lost) for change, _ in self._unsafe]
        self._unsafe = []

    def _turn_ends(self) -> None:
        """Tell of all changes at once, and from nowhere else: what hears of them changes more, and reads."""
        self.commit()
        ended, self._ended = self._ended, []
        for change, outcome in ended:
            change.callback(outcome)


@contextlib.contextmanager
def _as_os_errors() -> Iterator[None]:
    """SQLite's troubles are the disk's: full, locked by somebody else, broken."""
    try:
        yield
    except sqlite3.Error as problem:
        raise OSError(f"the store of news: {problem}") from problem
