"""Temporary folders that go away even if the process that made them is killed.

A folder holds a file that its process keeps locked. The kernel lets go of the lock however the process ends; so a
folder with such a file, unlocked, is one whose process was killed, and the next build removes it. The file gets its
name when it is locked already: a folder that has only just been made is never taken for one of those.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

PREFIX = "lecture-"
_LOCK = ".lecture-uses-this"


@contextlib.contextmanager
def temporary_folder(purpose: str) -> Iterator[Path]:
    """A folder for the time of the block. purpose: a word in its name, for people who look at the temporary files."""
    root = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{purpose}-")).resolve()
    try:
        with open(root / f"{_LOCK}.new", "xb") as lock:
            if _lock(lock):  # elsewhere nothing is removed later: no file has that name
                os.rename(root / f"{_LOCK}.new", root / _LOCK)
            yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _lock(file: BinaryIO) -> bool:
    """Lock an open file until it is closed. False when another process has, or where there are no locks."""
    try:
        import fcntl  # browsers have none

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def abandoned_folders() -> Iterator[Path]:
    """The folders of processes of this user that were killed; each is removed when the next one is asked for."""
    for file in Path(tempfile.gettempdir()).resolve().glob(f"{PREFIX}*/{_LOCK}"):
        with contextlib.suppress(OSError), open(file, "rb") as lock:
            if os.fstat(lock.fileno()).st_uid == os.getuid() and _lock(lock):
                yield file.parent
                shutil.rmtree(file.parent, ignore_errors=True)
