"""What the system knows about a file, as the values of an IFTPShell's keys."""

from __future__ import annotations

import io
import os
import stat
import time
from collections.abc import Callable, Sequence
from typing import IO, Any


def _name_of(look_up: Callable[[int], Any], number: int) -> str:
    try:
        return str(look_up(number)[0])
    except KeyError:
        return str(number)


def _owner(found: os.stat_result) -> str:
    import pwd

    return _name_of(pwd.getpwuid, found.st_uid)


def _group(found: os.stat_result) -> str:
    import grp

    return _name_of(grp.getgrgid, found.st_gid)


_VALUES: dict[str, Callable[[os.stat_result], Any]] = {
    "size": lambda found: found.st_size,
    "directory": lambda found: stat.S_ISDIR(found.st_mode),
    "permissions": lambda found: found.st_mode,
    "hardlinks": lambda found: found.st_nlink,
    "modified": lambda found: found.st_mtime,
    "owner": _owner,
    "group": _group,
}


def values_of(found: os.stat_result, keys: Sequence[str]) -> Sequence[Any]:
    """The value of each key."""
    return [_VALUES[key](found) for key in keys]


def found_open(file: IO[bytes]) -> os.stat_result:
    """What the system says about an open file; about one in memory, what it might say."""
    try:
        return os.fstat(file.fileno())
    except io.UnsupportedOperation:
        size = file.seek(0, os.SEEK_END)
        return os.stat_result((stat.S_IFREG | 0o644, 0, 0, 1, 0, 0, size, *[int(time.time())] * 3))
