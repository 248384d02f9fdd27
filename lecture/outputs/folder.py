"""Replaces a folder as a whole: a reader sees all of the old one or all of the new one.

The new content is written beside the old folder, and the two exchange their names when it is complete: at no instant is
there no site. If writing fails, the old folder was never touched and the half-written one is removed, by the next build
if this one is killed. Two writers at once each have their own, and the last to finish stays. Only a folder that this
module wrote (it leaves a mark in it) or an empty one is ever replaced.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from lecture.errors import LectureError

MARK = ".lecture-site"
_AT_FDCWD = -100  # of Linux: a name that is not absolute is meant from the working directory


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
    new = folder.with_name(f".{folder.name}.new-{os.getpid()}-{os.urandom(4).hex()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as while_we_live:
            with _locked(folder.parent):
                check_replaceable(folder)
                _remove_abandoned(folder)
                new.mkdir()
                while_we_live.enter_context(_locked(new))
                (new / MARK).write_text("A lecture was built into this folder; the next build replaces all of it.\n")
            yield new
            with _locked(folder.parent):
                check_replaceable(folder)
                _swap(new, folder)
    except OSError as error:
        raise LectureError(f"cannot write the site to {folder}: {error}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _remove_abandoned(folder: Path) -> None:
    """Remove what builds that were killed have written; what a living one writes is locked."""
    for new in folder.parent.glob(f".{glob.escape(folder.name)}.new-*"):
        if (new / MARK).is_file():
            with contextlib.suppress(OSError), _locked(new, fcntl.LOCK_NB):
                shutil.rmtree(new, ignore_errors=True)


def _swap(new: Path, folder: Path) -> None:
    """Put `new` in the place of `folder`, which is at `new` afterwards if there was one."""
    if not folder.exists():
        new.rename(folder)
    elif not _exchange(new, folder):
        old = new.with_suffix(".old")  # between these two lines there is no site; the system knows no better way
        folder.rename(old)
        new.rename(folder)
        old.rename(new)


def _exchange(one: Path, other: Path) -> bool:
    """Give each of two folders the other's name, at one instant. False where the system can't."""
    import ctypes  # Python has no function for it

    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if hasattr(libc, "renameat2"):  # Linux: renameat2(2), with RENAME_EXCHANGE
        failed = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], 2)
    elif hasattr(libc, "renamex_np"):  # macOS: rename(2), with RENAME_SWAP
        failed = libc.renamex_np(*names, 2)
    else:
        return False
    if failed and ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):  # as some file systems answer
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(other))
    return not failed


@contextlib.contextmanager
def _locked(folder: Path, how: int = 0) -> Iterator[None]:
    """Hold a lock on a folder. The folder itself is the lock, so no file of ours stays.

    how: 0 waits for other builds; LOCK_NB raises BlockingIOError when one has the lock.
    """
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | how)
        except OSError:  # some network file systems can't lock; there two builds may collide
            if how:
                raise
        yield
    finally:
        os.close(fd)
