"""A database of SQLite that goes with mail in files; what goes wrong with it is an OSError, as with the files."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def disk_errors() -> Iterator[None]:
    """What SQLite says of the disk is an OSError, as from anybody else: "not now"."""
    try:
        yield
    except sqlite3.OperationalError as problem:
        raise OSError(errno.ENOSPC if "full" in str(problem) else errno.EIO, str(problem)) from problem


def open_database(path: Path, schema: str) -> sqlite3.Connection:
    """A database, made if it isn't there. One that is broken is put aside."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))  # not for others; nor what SQLite puts beside
    try:
        database = sqlite3.connect(path, isolation_level=None)
        database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + schema)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        database.close()
        os.replace(path, path.with_suffix(".broken"))
        return open_database(path, schema)
    return database


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Around changes: all of them or none. Raises OSError."""
    with disk_errors():
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
