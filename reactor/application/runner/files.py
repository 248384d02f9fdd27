"""Opening files in folders where other users may write, perhaps as root.

Such a user can give any file a second name there: a symbolic link to one of root's, or a hard link. We would then write
to that file, empty it, or make it another user's. So reactord opens neither: a file has one name, the one that it was
given on the command line.
"""

from __future__ import annotations

import errno
import os
import stat

NO_LINKS: int = getattr(os, "O_NOFOLLOW", 0)  # not on Windows


def check_only_name(fd: int, path: str) -> None:
    """Raise OSError, ELOOP as for a symbolic link, when we are root and this open file has a second name.

    Other users can do no harm by a hard link that they couldn't do without.
    """
    found = os.fstat(fd)
    if stat.S_ISREG(found.st_mode) and found.st_nlink > 1 and os.name == "posix" and os.geteuid() == 0:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)


def open_only_name(path: str, flags: int, mode: int = 0o666, dir_fd: int | None = None) -> int:
    """As `os.open`, but raises OSError, ELOOP, for a link, and for a second name if we are root."""
    fd = os.open(path, flags | NO_LINKS, mode, dir_fd=dir_fd)
    try:
        check_only_name(fd, path)
    except OSError:
        os.close(fd)
        raise
    return fd


def reason(problem: OSError) -> str | None:
    """What the system says, except that a link that wasn't followed is called by its name."""
    if problem.errno in (errno.ELOOP, errno.EMLINK):  # the latter is FreeBSD's
        return "is a link to another file, and isn't opened: name the file itself"
    return problem.strerror
