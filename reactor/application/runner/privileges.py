"""Giving up root's privileges: a user and a group to become, and a folder to be confined to (chroot).

Names are looked up before anything else, because inside the folder there may be no list of users. Privileges are given
up for good: the real, the effective and the saved user are all the new one.
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
        """Raise RunnerError when we are another user, and may not become this one."""
        if os.geteuid() != 0 and not self._is_ours():
            raise RunnerError(f"only root may become user {self.uid}, group {self.gid}")

    def _is_ours(self) -> bool:
        return (os.geteuid(), os.getegid()) == (self.uid, self.gid)

    def become(self) -> None:
        """Become that user for good. Raises RunnerError when we may not, or could become root again."""
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
    """The identity of these names or numbers; None when both are None.

    group: None for the user's own. user: None for the one that we are. Raises UsageError for one that doesn't exist.
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
    """The text as the number of a user or group, or None. 2**32 - 1 is none: setuid(2) reads it as "no change"."""
    return int(text) if str(text).isdecimal() and int(text) < 2**32 - 1 else None


def _user(user: str | int) -> tuple[int, int, str]:
    """A user's number, group and name. A number without a name is allowed: its group is then the same number."""
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

    Modules that the application imports later must be inside it; open files stay open.
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
    """Import what the library and Python would import later: inside the folder they could not find it."""
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
        pass  # it needs a package that isn't installed, and will say so when it is used
