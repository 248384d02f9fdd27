"""Who the process is: a user and a group to become, and a folder to be shut in.

Names are looked up before anything else happens, and before the folder is entered in which there may be no list of
users. Privileges are given up for good: the real, the effective and the saved user are all the new one.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from dataclasses import dataclass

from reactor.application.runner.errors import RunnerError, UsageError


@dataclass(frozen=True)
class Identity:
    """A user, a group, and the other groups of that user."""

    uid: int
    gid: int
    groups: tuple[int, ...]

    def check(self) -> None:
        """Raise RunnerError when we are somebody else, and may not become this one."""
        if os.geteuid() != 0 and not self._is_ours():
            raise RunnerError(f"only root may become user {self.uid}, group {self.gid}")

    def _is_ours(self) -> bool:
        return (os.geteuid(), os.getegid()) == (self.uid, self.gid)

    def become(self) -> None:
        """Be that user from now on. Raises RunnerError when we may not, or when the way back would be open."""
        self.check()
        if os.geteuid() != 0:
            return
        os.setgroups(self.groups)
        os.setgid(self.gid)
        os.setuid(self.uid)
        if self.uid != 0 and _can_be_root_again():
            raise RunnerError(f"user {self.uid} could become root again: not started")


def _can_be_root_again() -> bool:
    try:
        os.setuid(0)
    except OSError:
        return False
    return True


def identity(user: str | int | None, group: str | int | None) -> Identity | None:
    """Who to become, by names or numbers; None when both are None.

    Without a group, it is the user's; without a user, the one that we are. Raises UsageError for one that isn't there.
    """
    if user is None and group is None:
        return None
    entry = _user(os.geteuid() if user is None else user)
    uid, gid, name = entry
    if group is not None:
        gid = _group(group)
    groups = os.getgrouplist(name, gid) if name and user is not None else [gid]
    return Identity(uid, gid, tuple(groups))


def _number(text: str | int) -> int | None:
    """The number that it is, if it can be a user's or a group's: 32 bits, of which the last one means nobody."""
    return int(text) if str(text).isdecimal() and int(text) < 2**32 - 1 else None


def _user(user: str | int) -> tuple[int, int, str]:
    """Number, group and name. A number need not have a name; then its group is the same number."""
    import pwd

    number = _number(user)
    try:
        found = pwd.getpwnam(str(user)) if number is None else pwd.getpwuid(number)
    except KeyError:
        if number is not None:
            return number, number, ""
        raise UsageError(f"there is no user {user!r}") from None
    return found.pw_uid, found.pw_gid, found.pw_name


def _group(group: str | int) -> int:
    import grp

    number = _number(group)
    if number is not None:
        return number
    try:
        return grp.getgrnam(str(group)).gr_gid
    except KeyError:
        raise UsageError(f"there is no group {group!r}") from None


def shut_in(folder: str) -> None:
    """Make this folder the root of all paths. Raises RunnerError.

    What the application imports later must be inside, too; what is open stays open.
    """
    _import_what_may_be_needed()
    try:
        os.chroot(folder)
        os.chdir("/")
    except PermissionError:
        raise RunnerError(f"--chroot {folder}: only root may") from None
    except OSError as problem:
        raise RunnerError(f"--chroot {folder}: {problem.strerror}") from problem


def _import_what_may_be_needed() -> None:
    """All that the library, and Python, import only when they need it: from where we go there is no way to it."""
    from reactor import endpoints
    from reactor.core import transports

    for package in (endpoints, transports):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            _try_to_import(found.name)
    for name in ("encodings.idna", "linecache", "reactor.stdio", "reactor.threadpool", "signal", "ssl", "subprocess"):
        _try_to_import(name)


def _try_to_import(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        pass  # it needs something that isn't installed, and will say so when it is used
