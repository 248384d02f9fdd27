"""A checker whose file has no passwords in it: `NAME:SCRAM-SHA-256$…`, a line each (see `stored_password`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from reactor import defer, log
from reactor.cred import error
from reactor.cred.credentials import IStoredPassword, IUsernamePassword
from reactor.cred.stored_password import StoredPassword, of_nobody


class StoredPasswordFile:
    """Names and stored passwords in a text file, read again when it has changed. Lines that begin with # are comments.

    It can check passwords, and proofs by SCRAM. CRAM-MD5, APOP and Digest need the password itself, and aren't offered.
    filename: the file. `python -m reactor.cred FILE NAME` writes lines of it.
    """

    credentialInterfaces = (IUsernamePassword, IStoredPassword)

    def __init__(self, filename: str | os.PathLike[str]) -> None:
        self.filename = Path(filename)
        self._users: dict[bytes, StoredPassword] = {}
        self._version: tuple[int, int, int] | None = None

    def requestAvatarId(self, credentials: Any) -> defer.Deferred[bytes]:
        """The name, if the password or the proof is right. Nobody can log in when a line of the file can't be read."""
        return defer.ensureDeferred(self._identify(credentials))

    async def _identify(self, credentials: Any) -> bytes:
        try:
            users = self.users()
        except (OSError, ValueError) as problem:
            log.msg(f"nobody can log in: {problem}")
            raise error.UnauthorizedLogin from problem
        name: bytes = credentials.username
        stored = users.get(name) or of_nobody(name, next(iter(users.values()), None))
        if not isinstance(credentials, IStoredPassword):
            matches = stored.matches(credentials.password)
        elif credentials.mechanism == stored.mechanism:
            checking: defer.Deferred[Any] = defer.maybeDeferred(credentials.checkStoredPassword, stored)
            matches = await checking
        else:
            matches = False
        if not matches or name not in users:
            raise error.UnauthorizedLogin
        return name

    def users(self) -> dict[bytes, StoredPassword]:
        """All names and stored passwords. Raises OSError, and ValueError that names the line which can't be read."""
        found = os.stat(self.filename)
        version = (found.st_mtime_ns, found.st_size, found.st_ino)
        if version != self._version:
            self._users, self._version = read_stored_passwords(self.filename), version
        return self._users


def read_stored_passwords(path: Path) -> dict[bytes, StoredPassword]:
    """Name → stored password, of a file. Raises OSError, and ValueError that names the line which can't be read."""
    users: dict[bytes, StoredPassword] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if not line.strip() or line.startswith(b"#"):
            continue
        name, colon, text = line.partition(b":")
        try:
            if not (name and colon):
                raise ValueError("a line is NAME:SCRAM-SHA-256$…")
            if name in users:
                raise ValueError(f"{name.decode('utf-8', 'backslashreplace')} has a line already")
            users[name] = StoredPassword.parse(text.decode("ascii", "replace").strip())
        except ValueError as problem:
            raise ValueError(f"{path}, line {number}: {problem}") from None
    return users
