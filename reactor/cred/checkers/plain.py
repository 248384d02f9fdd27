"""Checkers that know the passwords themselves, in memory or in a file, so that they can check any proof of one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from reactor import defer, log
from reactor.cred import error
from reactor.cred.checkers.interfaces import ANONYMOUS
from reactor.cred.credentials import IAnonymous, IUsernameHashedPassword, IUsernamePassword

_NOBODYS = secrets.token_hex(16).encode("ascii")  # checked for those whom nobody knows, so that it takes as long


class AllowAnonymousAccess:
    """Lets everybody in who says openly that they don't say who they are."""

    credentialInterfaces = (IAnonymous,)

    def requestAvatarId(self, credentials: Any) -> defer.Deferred[Any]:
        """ANONYMOUS."""
        return defer.succeed(ANONYMOUS)


class InMemoryUsernamePasswordDatabaseDontUse:
    """Names and passwords in memory, for tests and examples.

    users: name → password, both bytes. The names given as keywords become ASCII.
    """

    credentialInterfaces = (IUsernamePassword, IUsernameHashedPassword)

    def __init__(self, **users: bytes) -> None:
        self.users = {name.encode("ascii"): password for name, password in users.items()}

    def addUser(self, username: bytes, password: bytes) -> None:
        """Add somebody, or change their password."""
        self.users[username] = password

    def requestAvatarId(self, credentials: Any) -> defer.Deferred[Any]:
        """The name, if the password is right."""
        name = credentials.username
        return _checked(credentials, name, self.users.get(name))


def _checked(credentials: Any, name: bytes, password: bytes | None) -> defer.Deferred[Any]:
    """The name, if these credentials match the password; None is nobody's."""

    def decide(matches: Any) -> bytes:
        if matches and password is not None:
            return name
        raise error.UnauthorizedLogin

    checking = defer.maybeDeferred(credentials.checkPassword, _NOBODYS if password is None else password)
    return checking.addCallback(decide)


class FilePasswordDB:
    """Names and passwords in a text file, a line each, as it is when somebody logs in.

    filename: the file. delim: what stands between the columns of a line. usernameField, passwordField: which columns
    they are, from 0. caseSensitive: whether names are; if not, they are lower-cased. hash: None if the file has the
    passwords as they are; else a function of name, given password and the file's text, whose result is that text when
    the password is right. Then a proof of the password can't be checked. cache: keep what was read until the file is
    newer.
    """

    _known: dict[bytes, bytes] | None = None
    _known_since: float = 0.0

    def __init__(
        self,
        filename: str | os.PathLike[str],
        delim: bytes = b":",
        usernameField: int = 0,
        passwordField: int = 1,
        caseSensitive: bool = True,
        hash: Callable[[bytes, bytes, bytes], bytes] | None = None,
        cache: bool = False,
    ) -> None:
        self.filename = filename
        self.delim = delim
        self.ufield = usernameField
        self.pfield = passwordField
        self.caseSensitive = caseSensitive
        self.hash = hash
        self.cache = cache
        kinds = (IUsernamePassword, IUsernameHashedPassword)
        self.credentialInterfaces: tuple[type, ...] = kinds if hash is None else kinds[:1]

    def getUser(self, username: bytes) -> tuple[bytes, bytes]:
        """The name, as the file has it, and what stands for the password there. Raises KeyError for an unknown name.

        Raises UnauthorizedLogin when the file can't be read; the log says why.
        """
        name = username if self.caseSensitive else username.lower()
        return name, self._users()[name]

    def requestAvatarId(self, credentials: Any) -> defer.Deferred[Any]:
        """The name, if the password is right. Raises UnauthorizedLogin when the file can't be read, and logs why."""
        try:
            name, stored = self.getUser(credentials.username)
        except KeyError:
            name, stored = credentials.username, None
        if self.hash is None:
            return _checked(credentials, name, stored)
        example = stored if stored is not None else next(iter(self._users().values()), None)
        matches = example is not None and self.hash(credentials.username, credentials.password, example) == example
        return defer.succeed(name) if matches and stored is not None else defer.fail(error.UnauthorizedLogin())

    def _users(self) -> dict[bytes, bytes]:
        """All names and what stands for their passwords; of a name that stands there twice, the first."""
        try:
            if not self.cache:
                return dict(self._read())
            changed = os.path.getmtime(self.filename)
            if self._known is None or changed > self._known_since:
                self._known, self._known_since = dict(self._read()), changed
            return self._known
        except OSError as problem:
            log.msg(f"Unable to load credentials db: {problem}")
            raise error.UnauthorizedLogin from problem

    def _read(self) -> Iterator[tuple[bytes, bytes]]:
        with open(self.filename, "rb") as file:
            lines = [line.rstrip().split(self.delim) for line in file]
        for parts in reversed(lines):
            if max(self.ufield, self.pfield) < len(parts):
                name = parts[self.ufield]
                yield (name if self.caseSensitive else name.lower()), parts[self.pfield]

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in ("_known", "_known_since")}


OnDiskUsernamePasswordDatabase = FilePasswordDB
