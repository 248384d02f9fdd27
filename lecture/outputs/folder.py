"""Replaces a folder as a whole: a reader sees all of the old one or all of the new one.

The new content is written beside the old folder and renamed into its place when it is complete. If writing fails, the
old folder was never touched and the half-written one is removed. Two writers at once each have their own, and the
last to finish stays. Only a folder that this module wrote (it leaves a mark in it) or an empty one is ever replaced.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from lecture.errors import LectureError

MARK = ".lecture-site"


def check_replaceable(folder: Path) -> None:
    """Raise LectureError unless the folder doesn't exist, is empty, or was written by us."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise LectureError(f"cannot write the site to {folder}: it is a file; name a folder with --output")
    if any(folder.iterdir()) and not (folder / MARK).is_file():
        raise LectureError(
            f"cannot write the site to {folder}: it has files in it that no build of a lecture made; "
            "empty it yourself, or name another folder with --output"
        )


@contextlib.contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Yield a new empty folder that takes the place of `folder` when the block ends, unless it raises.

    Raises LectureError when `folder` may not be replaced (see `check_replaceable`) or the system refuses.
    """
    folder = folder.resolve()
    unique = f"{os.getpid()}-{os.urandom(4).hex()}"
    new = folder.with_name(f".{folder.name}.new-{unique}")
    old = folder.with_name(f".{folder.name}.old-{unique}")
    try:
        new.mkdir(parents=True)
        with _locked(folder.parent):
            check_replaceable(folder)
        (new / MARK).write_text("A lecture was built into this folder; the next build replaces all of it.\n")
        yield new
        with _locked(folder.parent):
            check_replaceable(folder)
            _swap(new, folder, old)
    except OSError as error:
        raise LectureError(f"cannot write the site to {folder}: {error}") from error
    finally:
        for rest in (new, old):
            shutil.rmtree(rest, ignore_errors=True)


def _swap(new: Path, folder: Path, old: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            old.rename(folder)
        raise


@contextlib.contextmanager
def _locked(parent: Path) -> Iterator[None]:
    """Keep other builds from swapping here meanwhile. The folder itself is the lock, so no file of ours stays."""
    fd = os.open(parent, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems can't lock; there two builds may collide
            fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
