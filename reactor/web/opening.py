"""Opening files that lie in a folder, and no others.

There is no way out of that folder, the root. A part of an address that is `..`, or holds a slash or a zero byte, names
no file. A link, wherever it is, is followed to its end before anything is opened; if that lies outside, there is no
such file. Nor is there for what is no regular file: a named pipe would block the whole server.

Between that look and the opening, a user who may write in the folder can exchange a part of the path for a link. So the
path without links is opened part by part, each in the folder that was opened before it, and no link is followed then.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import IO


def is_name(part: bytes) -> bool:
    """Whether one part of an address is a plain name of a file on this system: no path, no drive, no device."""
    if part in (b"", b".", b"..") or any(sign in part for sign in (b"/", b"\0")):
        return False
    if os.name != "nt":
        return True
    # drives and streams (C:, a:b); backslashes; a final dot or space, which Windows drops; and devices
    return not any(sign in part for sign in (b"\\", b":")) and part[-1:] not in b". " and not _is_device(part)


def _is_device(part: bytes) -> bool:
    stem = part.partition(b".")[0].rstrip(b" ").upper()
    return stem in (b"CON", b"PRN", b"AUX", b"NUL") or (stem[:3] in (b"COM", b"LPT") and stem[3:].isdigit())


def inside(path: str, root: str) -> str | None:
    """The path at the end of all links in `path`, if it exists and lies in `root`; else None."""
    try:
        real, real_root = os.path.realpath(path, strict=True), os.path.realpath(root, strict=True)
    except (OSError, ValueError):
        return None
    return real if real == real_root or real.startswith(real_root.rstrip(os.sep) + os.sep) else None


def open_file(path: str, root: str) -> IO[bytes]:
    """Open a file in `root` to read, at the end of all links. Never blocks, as a pipe without a writer would.

    Raises IsADirectoryError for a folder, FileNotFoundError for what lies outside or is no regular file, and other
    OSErrors.
    """
    real = inside(path, root)
    if real is None:
        raise FileNotFoundError(path)
    _check_kind(os.lstat(real), path)
    try:
        descriptor = _opened(real, os.path.realpath(root))
    except OSError as problem:
        if problem.errno in (errno.ELOOP, errno.ENOTDIR):  # a link has come in the way
            raise FileNotFoundError(path) from None
        raise
    try:
        _check_kind(os.fstat(descriptor), path)
        return open(descriptor, "rb", buffering=0)
    except BaseException:
        os.close(descriptor)
        raise


def _check_kind(facts: os.stat_result, path: str) -> None:
    if stat.S_ISDIR(facts.st_mode):
        raise IsADirectoryError(path)
    if not stat.S_ISREG(facts.st_mode):
        raise FileNotFoundError(path)


def _flags(*names: str) -> int:
    return sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", *names))


_FILE = _flags("O_RDONLY", "O_BINARY", "O_NONBLOCK")
_FOLDER = _flags("O_DIRECTORY", "O_PATH")  # with O_PATH a folder that may be searched needn't be readable


def _opened(real: str, real_root: str) -> int:
    """A descriptor of the file at `real`, on whose way from `real_root` there is no link."""
    if os.open not in os.supports_dir_fd:
        return _opened_at_once(real, real_root)
    *folders, name = os.path.relpath(real, real_root).split(os.sep)
    if name == ".":  # the root is the file
        return os.open(real, _FILE)
    folder = os.open(real_root, _FOLDER)
    try:
        for part in folders:
            below = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = below
        return os.open(name, _FILE, dir_fd=folder)
    finally:
        os.close(folder)


def _opened_at_once(real: str, real_root: str) -> int:
    """The same where nothing opens a file below an open folder, as on Windows: look again when it is open."""
    descriptor = os.open(real, _FILE)
    if inside(real, real_root) == real and os.path.samestat(os.fstat(descriptor), os.lstat(real)):
        return descriptor
    os.close(descriptor)
    raise FileNotFoundError(real)
